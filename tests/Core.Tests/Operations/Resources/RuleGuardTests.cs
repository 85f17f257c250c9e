using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

/// <summary>Rules that calicoctl takes and Felix cannot program want a word before they are saved.</summary>
public sealed class RuleGuardTests
{
    private static readonly Rule Bad = new() { Action = "allow", Icmp = new Icmp(8, null) };
    private static readonly Rule Good = new() { Action = "allow", Protocol = new Protocol("icmp", 0), Icmp = new Icmp(8, null) };

    private readonly OperationPlanner _planner = new();

    [Fact]
    public void Profile_WithSuchARule_IsRefusedWithoutAWord_AndKeepsTheWord()
    {
        var create = new WriteResource(WriteVerb.Create, new Profile { Name = "p", Ingress = [Good, Bad] });
        var refused = _planner.Plan(create, World());
        Assert.Equal("evenIfUnprogrammable", refused.Refusal().Field);
        Assert.Contains("ingress rule 2 of profile p", refused.Plan.Errors[0].Reason, StringComparison.Ordinal);
        Assert.Empty(refused.Writes);

        var agreed = _planner.Plan(create with { EvenIfUnprogrammable = true }, World());
        Assert.Empty(agreed.Plan.Errors);
        Assert.NotEmpty(agreed.Writes);
        Assert.StartsWith("evenIfUnprogrammable: Felix cannot program ingress rule 2", Assert.Single(agreed.Plan.Consents), StringComparison.Ordinal);
        Assert.StartsWith("Felix cannot program ingress rule 2", agreed.Plan.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_ThatHadTheRuleAlready_IsNotAskedAboutAgain()
    {
        var stored = new Profile { Name = "p", Ingress = [Bad] };
        Assert.Empty(_planner.Plan(new WriteResource(WriteVerb.Replace, stored with { Ingress = [Good, Bad] }), World(stored)).Plan.Errors);
        Assert.NotEmpty(
            _planner.Plan(new WriteResource(WriteVerb.Replace, stored with { Egress = [Bad with { Action = "deny" }] }), World(stored)).Plan.Errors);
    }

    [Fact]
    public void Manifest_IsTakenAsCalicoctlTakesIt_WithAWarning()
    {
        const string Text =
            "apiVersion: v1\nkind: policy\nmetadata:\n  name: ping\nspec:\n  selector: all()\n  egress:\n  - action: allow\n    notICMP:\n      type: 3\n";
        var manifest = new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(Text));
        var plan = _planner.Plan(manifest, World());
        Assert.Empty(plan.Plan.Errors);
        Assert.NotEmpty(plan.Writes);
        Assert.Contains(
            plan.Plan.Warnings,
            w => w.Contains("egress rule 1 of policy ping", StringComparison.Ordinal) && w.Contains("stops updating", StringComparison.Ordinal));
        Assert.Single(_planner.Plan(manifest with { EvenIfUnprogrammable = true }, World()).Plan.Consents);
    }

    [Fact]
    public void ProgrammableRules_NeedNoWord() =>
        Assert.Empty(_planner.Plan(new WriteResource(WriteVerb.Create, new Profile { Name = "p", Ingress = [Good] }), World()).Plan.Errors);

    private static ClusterSnapshot World(params Profile[] profiles)
    {
        ImmutableArray<StoredKey> keys = [.. profiles.SelectMany(p => ProfileCodec.Encode(p)).Select((k, i) => new StoredKey(k.Key, k.Value, (ulong)i + 1))];
        return new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing(keys, (ulong)keys.Length) };
    }
}
