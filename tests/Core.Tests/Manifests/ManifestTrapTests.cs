using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>What YAML takes from a text without a word is said with its line; what is refused is refused at its own line.</summary>
public sealed class ManifestTrapTests
{
    private const string Policy = "apiVersion: v1\nkind: policy\nmetadata:\n  name: quarantine\n";

    [Theory]
    [InlineData(
        "spec:\n  order: 7\n  selector: !has(owner)\n",
        7,
        "!has(owner) without quotes is a YAML tag and not text, so the value is empty and selects everything: write '!has(owner)' where the text is meant")]
    [InlineData(
        "spec:\n  selector: !not has(owner)\n",
        6,
        "!not without quotes is a YAML tag and not part of the text, which is has(owner): write '!not has(owner)' where all of it is meant")]
    [InlineData(
        "  annotations: {team: &core }\n",
        5,
        "&core without quotes is a YAML anchor, not text, so there is no value: write '&core' where the text is meant")]
    [InlineData(
        "spec:\n  selector: has(x) # or has(y)\n",
        6,
        "# or has(y) is a comment, since a # behind a blank begins one: the value is has(x); put it in quotes where all of it is meant")]
    [InlineData("  annotations: {ticket: bug #12 }\n", 5, null)]
    [InlineData(
        "  annotations:\n    ticket: bug #12\n",
        6,
        "#12 is a comment, since a # behind a blank begins one: the value is bug; put it in quotes where all of it is meant")]
    [InlineData("spec:\n  order: 0o20\n", 6, "0o20 is read as the number 16")]
    [InlineData("spec:\n  order: 1_500\n", 6, "1_500 is read as the number 1500")]
    [InlineData("  annotations: {a: 0o20}\n", 5, "unquoted 0o20 is read as the number 16: write \"0o20\" where the text is meant")]
    [InlineData("  annotations: {a: 1_500}\n", 5, "unquoted 1_500 is read as the number 1500: write \"1_500\" where the text is meant")]
    [InlineData("  annotations: {a: null}\n", 5, "unquoted null is not text: there is no value; write \"null\" where the text is meant")]
    [InlineData("  annotations: {a: off}\n", 5, "unquoted off is read as false: write \"off\" where the text is meant")]
    [InlineData("spec:\n  ingress:\n  - action: deny\n    source:\n      nets:\n", 9, "nets has no value: it is as if the line were not there")]
    [InlineData("spec: {ingress: [{action: deny, protocol: tcp, destination: {ports: null}}]}\n", 5, "ports has no value: it is as if the line were not there")]
    [InlineData("--- kind: profile\n" + Policy, 5, "what stands behind --- in its line is dropped: kind: profile")]
    [InlineData(
        "---\n" + Policy + "--- more",
        10,
        "calicoctl reads nothing from line 6 on, since the separator's line (--- more) does not end: end it, or leave it out")]
    public void Read_TextThatIsLost_IsSaidWithItsLine(string rest, int line, string? note)
    {
        var manifest = ManifestReader.Read(Policy + rest);
        if (note is null)
        {
            Assert.False(manifest.IsValid);
            return;
        }

        Assert.Empty(manifest.Items.SelectMany(i => i.Errors));
        Assert.Equal((line, note), (Assert.Single(manifest.Notes).Line, manifest.Notes[0].Text));
        var plan = new OperationPlanner().Plan(
            new ApplyManifest(ManifestVerb.Apply, manifest),
            new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing([], 1) }).Plan;
        Assert.Contains($"Line {line}: {note}.", plan.Warnings);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: ipPool\nmetadata:\n  cidr: 010.020.0.0/16\n", 4, "010.020.0.0/16 is read and stored as 10.20.0.0/16")]
    [InlineData(
        "apiVersion: v1\nkind: bgpPeer\nmetadata:\n  scope: global\n  peerIP: '192.0.2.07'\nspec: {asNumber: 64512}\n",
        5,
        "192.0.2.07 is read and stored as 192.0.2.7")]
    [InlineData(
        Policy + "spec: {ingress: [{action: deny, source: {nets: [10.0.0.0/8, 10.00.0.1/32]}}]}\n",
        5,
        "10.00.0.1/32 is read and stored as 10.0.0.1/32")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"ipPool\",\"metadata\":{\"cidr\":\"08.0.0.0/8\"}}", 1, "08.0.0.0/8 is read and stored as 8.0.0.0/8")]
    public void Read_LeadingZerosInAnAddress_AreDecimalAndSaid(string text, int line, string said)
    {
        var manifest = ManifestReader.Read(text);
        Assert.Empty(manifest.Items.SelectMany(i => i.Errors));
        var note = Assert.Single(manifest.Notes);
        Assert.Equal(line, note.Line);
        Assert.StartsWith($"{said}: a part with a leading zero counts as decimal here", note.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/08")]
    [InlineData("fd00::01")]
    [InlineData("010.0.0.256")]
    [InlineData("010.0.0")]
    public void LeadingZeros_OfAnyOtherText_AreNotTold(string text) => Assert.Null(ManifestAddress.LeadingZeros(text));

    [Theory]
    [InlineData(
        "metadata:\n  name: a # the first\n  labels: {a: b} # more\nspec:\n  ingress:\n  - action: allow # all\n    protocol: tcp # web\n"
        + "    destination: {ports: [80]} # http\n",
        1)]
    [InlineData("metadata: # of it\n  # alone\n  name: 'a # b'\n", 0)]
    public void Read_OrdinaryComments_AreFew(string rest, int notes) =>
        Assert.Equal(notes, ManifestReader.Read("apiVersion: v1 # v\nkind: profile # k\n" + rest).Notes.Length);

    [Theory]
    [InlineData("spec:\n\tingress: []\n", 6)]
    [InlineData("spec:\n  ingress:\n  - action: allow\n\t  protocol: tcp\n", 8)]
    [InlineData("spec:\n  selector: all()\n\t&& has(x)\n", 7)]
    [InlineData("  annotations:\n    a: |\n\tx\n", 7)]
    public void Read_Tab_IsReportedAtItsLine(string rest, int line)
    {
        var error = Assert.Single(ManifestReader.Read(Policy + rest).Items.SelectMany(i => i.Errors));
        Assert.Equal(line, error.Line);
        Assert.Contains("tab", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source", "nets")]
    [InlineData("source", "notNets")]
    [InlineData("destination", "nets")]
    [InlineData("destination", "notNets")]
    [InlineData("source", "ports")]
    [InlineData("source", "notPorts")]
    [InlineData("destination", "ports")]
    [InlineData("destination", "notPorts")]
    public void Read_NullWithinAListOfConditions_IsRefused(string side, string list)
    {
        foreach (var items in new[] { "[null]", "[~]", $"[{(list.EndsWith("ets", StringComparison.Ordinal) ? "10.0.0.0/8" : "80")}, null]" })
        {
            var manifest = ManifestReader.Read($"{Policy}spec:\n  ingress:\n  - action: deny\n    protocol: tcp\n    {side}:\n      {list}: {items}\n");
            var error = Assert.Single(manifest.Items.SelectMany(i => i.Errors));
            Assert.Equal(10, error.Line);
            Assert.StartsWith($"spec.ingress[0].{side}.{list}[", error.Field, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Plan_WhatIsMissing_StopsWhenItsTurnComes()
    {
        var manifest = ManifestReader.Read(
            "apiVersion: v1\nkind: profile\nmetadata: {name: first}\n---\n"
            + "apiVersion: v1\nkind: node\nspec: {}\n---\n"
            + "apiVersion: v1\nkind: profile\nmetadata: {name: last}\n");
        var planned = new OperationPlanner().Plan(
            new ApplyManifest(ManifestVerb.Apply, manifest),
            new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing([], 1) });
        Assert.Equal([DocumentOutcome.Applied, DocumentOutcome.Refused, DocumentOutcome.Skipped], planned.Plan.Documents.Select(d => d.Outcome));
        Assert.Equal(["/calico/v1/Ready", "/calico/v1/config/ClusterGUID"], planned.DocumentWrites[1].Select(w => w.Key));
        Assert.Contains(planned.Writes, w => w.Key == "/calico/v1/policy/profile/first/tags");
    }

    [Fact]
    public void Plan_ExistingNode_LeavesReadyBehindAsCalicoctlDoes()
    {
        var manifest = ManifestReader.Read("apiVersion: v1\nkind: node\nmetadata: {name: h1}\n");
        var state = new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing([new StoredKey("/calico/v1/host/h1/metadata", "{}"u8.ToArray(), 4)], 9) };
        var planned = new OperationPlanner().Plan(new ApplyManifest(ManifestVerb.Create, manifest), state);
        Assert.Equal(DocumentOutcome.Refused, planned.Plan.Documents[0].Outcome);
        Assert.Equal(["/calico/v1/Ready", "/calico/v1/config/ClusterGUID"], planned.Writes.Select(w => w.Key));
    }

    [Fact]
    public void Read_NobodyWaits_Ends() =>
        Assert.Throws<OperationCanceledException>(() => ManifestReader.ReadWhileAwaited(Policy + "---\n" + Policy, new CancellationToken(canceled: true)));

    [Fact]
    public void Plan_NobodyWaits_Ends()
    {
        var operation = new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(Policy)) { Abandoned = new CancellationToken(canceled: true) };
        Assert.Equal(
            "nobody is waiting for the plan now",
            new OperationPlanner().Plan(operation, new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing([], 1) }).Refusal().Reason);
    }

    [Fact]
    public void Validate_ManyWrongRules_TellsTheFirst()
    {
        var empty = new CalicoConsole.Core.Model.Rule { Action = "" };
        var policy = new CalicoConsole.Core.Model.Policy { Name = "p", Ingress = [.. Enumerable.Repeat(empty, 20_000)] };
        Assert.Equal(101, ResourceValidator.Validate(policy).Errors.Length);
    }

    [Theory]
    [InlineData("a: &a {b: c}\nd: *a\n", 100)]
    public void Read_ManyErrors_EndsAfterSome(string document, int times)
    {
        var manifest = ManifestReader.Read(string.Join("---\n", Enumerable.Repeat("[1,2,3]\n---\n" + document, times)));
        Assert.InRange(manifest.Items.SelectMany(i => i.Errors).Count(), ManifestReader.MaxErrors, ManifestReader.MaxErrors + 5);
        Assert.Contains("nothing is read from here on", manifest.Items[^1].Errors[0].Reason, StringComparison.Ordinal);
    }
}
