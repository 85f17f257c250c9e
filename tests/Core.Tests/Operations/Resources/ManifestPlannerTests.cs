using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

public sealed class ManifestPlannerTests
{
    private const string Ready = "/calico/v1/Ready";
    private const string ClusterGuid = "/calico/v1/config/ClusterGUID";
    private const string Applying = @"\Acc (create|apply|replace|delete) (--skip-exists )?-f input.yaml(; cc (get .*|apply -f input.yaml))?\z";

    private static readonly OperationPlanner Planner = new();

    public static TheoryData<string> Written => [.. Steps().Where(s => s.Stdout.StartsWith("Success", StringComparison.Ordinal)).Select(s => s.Name)];

    public static TheoryData<string> Refused =>
    [
        .. Steps().Where(s => s.ExitCode == 1 && s.Stdout.StartsWith("Failed to ", StringComparison.Ordinal))
            .Where(s => !s.Stdout.StartsWith("Failed to execute", StringComparison.Ordinal)).Select(s => s.Name),
    ];

    [Theory]
    [MemberData(nameof(Written))]
    public void Plan_GoldenStep_LeavesWhatCalicoctlLeft(string name)
    {
        var step = Steps().Single(s => s.Name == name);
        var verb = Enum.Parse<ManifestVerb>(step.Command.Split(' ')[1], ignoreCase: true);
        var operation = new ApplyManifest(verb, ManifestReader.Read(step.Input!))
        {
            EvenIfInUse = true,
            ContinueOnError = step.Command.Contains("--skip-exists", StringComparison.Ordinal),
        };
        var planned = Planner.Plan(operation, Listings.Snapshot(step.Before));
        Assert.Empty(planned.Plan.Errors);
        var left = step.Before.Applied(planned.Writes);
        var generated = new Regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\z");
        string Known(string key) => step.Name.Contains("wep-no-name", StringComparison.Ordinal) ? generated.Replace(key, "UUID") : key;
        var wanted = step.Before.SetItems(step.Set).RemoveRange(step.Deleted);
        Assert.Equal(
            wanted.Select(p => (Known(p.Key), p.Value)).Order(),
            left.Where(p => wanted.ContainsKey(p.Key) || p.Key is not (Ready or ClusterGuid))
                .Select(p => (Known(p.Key), p.Key == ClusterGuid ? wanted[p.Key] : p.Value)).Order());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Plan_GoldenRefusal_InCalicoctlsWords(string name)
    {
        var step = Steps().Single(s => s.Name == name);
        var operation = new ApplyManifest(Enum.Parse<ManifestVerb>(step.Command.Split(' ')[1], ignoreCase: true), ManifestReader.Read(step.Input!));
        var plan = Planner.Plan(operation, Listings.Snapshot(step.Before)).Plan;
        Assert.Equal(step.Stdout.Trim(), ManifestWords.Failure(operation.Verb, plan.Documents));
        // What calicoctl makes sure of before it tries a node; the older golden steps do not hold what a failed one left.
        Assert.DoesNotContain(plan.Changes, c => c.Object is not (Ready or ClusterGuid));
    }

    [Fact]
    public void Plan_SeesWhatEarlierResourcesLeave()
    {
        var plan = Plan(ManifestVerb.Create, Doc("profile", "name: a"), Doc("profile", "name: a"), Doc("profile", "name: b")).Plan;
        Assert.Equal([DocumentOutcome.Created, DocumentOutcome.Refused, DocumentOutcome.Skipped], plan.Documents.Select(d => d.Outcome));
        Assert.Equal("resource already exists: Profile(name=a)", Assert.Single(plan.Documents[1].Errors).Reason);
        Assert.Equal(3, plan.Changes.Length);
        Assert.Contains("It will stop at 2. profile a", plan.Warnings[^1], StringComparison.Ordinal);
        Assert.Equal(
            "Partial success: created 1 out of 3 'profile' resources. Hit error: 2. profile a: resource already exists: Profile(name=a)",
            ManifestWords.Failure(ManifestVerb.Create, plan.Documents));

        var twice = Plan(
            ManifestVerb.Apply,
            Doc("policy", "name: a", "{order: 1}"),
            Doc("policy", "name: a", "{order: 2}"),
            Doc("policy", "name: a", "{order: 2}"));
        Assert.Equal([DocumentOutcome.Applied, DocumentOutcome.Applied, DocumentOutcome.Unchanged], twice.Plan.Documents.Select(d => d.Outcome));
        Assert.Equal([true, false, false], twice.Plan.Documents.Select(d => d.IsNew));
        Assert.Contains("\"order\":1", twice.Plan.Documents[1].Changes[0].Before, StringComparison.Ordinal);
        Assert.Equal([1, 1, 1], twice.DocumentWrites.Select(w => w.Length));
    }

    [Fact]
    public void Plan_ContinueOnError_GoesOn()
    {
        var manifest = ManifestReader.Read(string.Join("---\n", Doc("profile", "name: a"), Doc("profile", "name: a"), Doc("node", "name: 'n'")));
        var planned = Planner.Plan(new ApplyManifest(ManifestVerb.Create, manifest) { ContinueOnError = true }, new ClusterSnapshot());
        Assert.Equal([DocumentOutcome.Created, DocumentOutcome.Refused, DocumentOutcome.Created], planned.Plan.Documents.Select(d => d.Outcome));
    }

    [Fact]
    public void Plan_AnythingNotValid_WritesNothingAndNamesAll()
    {
        var planned = Plan(ManifestVerb.Apply, Doc("profile", "name: a"), Doc("profile", "name: 'b c'"), "{{{\n");
        Assert.Empty(planned.Writes);
        Assert.Equal(["documents[1].metadata.name", "documents[2]"], planned.Plan.Errors.Select(e => e.Field));
        Assert.Equal([DocumentOutcome.Skipped, DocumentOutcome.Refused, DocumentOutcome.Refused], planned.Plan.Documents.Select(d => d.Outcome));
        Assert.Equal(["the manifest holds no resource"], Plan(ManifestVerb.Apply, "[]").Plan.Errors.Select(e => e.Reason));
    }

    [Fact]
    public void Plan_StoredAlready_IsUnchangedAndShowsNothing()
    {
        var state = Listings.Snapshot(
            ("/calico/v1/ipam/v4/pool/10.1.0.0-16", "{\"cidr\":\"10.1.0.0/16\"}"),
            ("/calico/v1/policy/tier/default/policy/p", "{\"selector\":\"\",\"types\":[\"ingress\"],\"x\":1}"));
        var plan = Planner.Plan(
            new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(Doc("ipPool", "cidr: 10.1.0.0/16") + "---\n" + Doc("policy", "name: p"))),
            state).Plan;
        Assert.Equal([DocumentOutcome.Unchanged, DocumentOutcome.Unchanged], plan.Documents.Select(d => d.Outcome));
        Assert.Empty(plan.Changes);
    }

    [Fact]
    public void Plan_DeleteInUse_NeedsToBeConfirmed()
    {
        var state = Listings.Snapshot(
            ("/calico/v1/policy/profile/a/tags", "[]"), ("/calico/v1/policy/profile/a/labels", "{}"), ("/calico/v1/policy/profile/a/rules", "{}"),
            (
                "/calico/v1/host/n/workload/o/w/endpoint/e",
                "{\"state\":\"active\",\"name\":\"cali1\",\"profile_ids\":[\"a\"],\"ipv4_nets\":[],\"ipv6_nets\":[]}"
            ));
        var manifest = ManifestReader.Read(Doc("profile", "name: a"));
        Assert.Equal(DocumentOutcome.Refused, Planner.Plan(new ApplyManifest(ManifestVerb.Delete, manifest), state).Plan.Documents[0].Outcome);
        Assert.Equal(
            DocumentOutcome.Deleted,
            Planner.Plan(new ApplyManifest(ManifestVerb.Delete, manifest) { EvenIfInUse = true }, state).Plan.Documents[0].Outcome);
    }

    [Fact]
    public void Plan_DeleteOfAProfileThatAHostEndpointUses_NeedsToBeConfirmed()
    {
        var state = Listings.Snapshot(
            ("/calico/v1/policy/profile/a/tags", "[]"), ("/calico/v1/policy/profile/a/labels", "{}"), ("/calico/v1/policy/profile/a/rules", "{}"),
            ("/calico/v1/host/n/endpoint/eth0", "{\"name\":\"eth0\",\"profile_ids\":[\"a\"]}"));
        var refused = Planner.Plan(new DeleteResource(new ResourceId(KindNames.Profile, "a")), state).Plan;
        Assert.Contains("1 endpoint uses the profile a: host endpoint n/eth0.", Assert.Single(refused.Errors).Reason, StringComparison.Ordinal);
        Assert.Empty(Planner.Plan(new DeleteResource(new ResourceId(KindNames.Profile, "a"), EvenIfInUse: true), state).Plan.Errors);
    }

    [Fact]
    public void Plan_DeleteByAnExport_WhatGoesWithItsNodeIsNoRefusal()
    {
        var state = Listings.Snapshot(
            ("/calico/v1/host/n/metadata", "{}"), ("/calico/bgp/v1/host/n/ip_addr_v4", ""), ("/calico/bgp/v1/host/n/ip_addr_v6", ""),
            ("/calico/bgp/v1/host/n/peer_v4/192.0.2.1", "{\"ip\":\"192.0.2.1\",\"as_num\":\"64512\"}"),
            ("/calico/v1/host/n/endpoint/eth0", "{\"name\":\"eth0\"}"));
        var export = ManifestExport.ToYaml(ManifestExport.Select(state.Calico, new ExportFilter()));
        var plan = Planner.Plan(new ApplyManifest(ManifestVerb.Delete, ManifestReader.Read(export)), state).Plan;
        Assert.Equal([DocumentOutcome.Deleted, DocumentOutcome.Unchanged, DocumentOutcome.Unchanged], plan.Documents.Select(d => d.Outcome));
        Assert.Equal(5, plan.Changes.Length);
        Assert.Contains("3. hostEndpoint n/eth0: it is deleted with 1. node n before it.", plan.Consequences);
        Assert.StartsWith("calicoctl delete --skip-not-exists -f -", plan.Commands[0], StringComparison.Ordinal);

        // What was never there, and what is named twice, is refused as before.
        Plan Deletion(params string[] documents) =>
            Planner.Plan(new ApplyManifest(ManifestVerb.Delete, ManifestReader.Read(string.Join("\n---\n", documents))), state).Plan;
        var eth0 = Doc("hostEndpoint", "{node: 'n', name: eth0}", "{interfaceName: eth0}");
        var twice = Deletion(eth0, eth0);
        Assert.Equal([DocumentOutcome.Deleted, DocumentOutcome.Refused], twice.Documents.Select(d => d.Outcome));
        var never = Deletion(Doc("node", "name: 'n'"), Doc("hostEndpoint", "{node: 'n', name: eth1}", "{interfaceName: eth1}"));
        Assert.Equal([DocumentOutcome.Deleted, DocumentOutcome.Refused], never.Documents.Select(d => d.Outcome));
    }

    [Fact]
    public void Plan_SecurityGroup_ItsOwnExportAndItsLabelsNeedNoConsent()
    {
        const string Group = "/calico/v1/policy/profile/openstack-sg-1";
        var state = Listings.Snapshot(
            ($"{Group}/tags", "[\"1\"]"),
            (
                $"{Group}/rules",
                "{\"inbound_rules\": [{\"ip_version\": 4, \"src_net\": \"0.0.0.0/0\", \"dst_ports\": [22], \"protocol\": \"tcp\"}], "
                    + "\"outbound_rules\": [{\"ip_version\": 4, \"dst_net\": \"0.0.0.0/0\"}]}"
            ));
        var export = ManifestExport.ToYaml(ManifestExport.Select(state.Calico, new ExportFilter()));
        DocumentResult Of(string yaml, bool consent = false) => Planner.Plan(
            new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(yaml)) { EvenIfRewritten = consent },
            state).Plan.Documents[0];
        var same = Of(export);
        Assert.Equal(DocumentOutcome.Applied, same.Outcome);
        Assert.Equal([$"{Group}/labels"], same.Changes.Select(c => c.Object));
        var labelled = Of(export.Replace("    name: openstack-sg-1\n", "    name: openstack-sg-1\n    labels: {a: b}\n", StringComparison.Ordinal));
        Assert.Equal((DocumentOutcome.Applied, "{\"a\":\"b\"}"), (labelled.Outcome, Assert.Single(labelled.Changes).After));
        var changed = export.Replace("- 22", "- 23", StringComparison.Ordinal);
        Assert.Equal((DocumentOutcome.Refused, "evenIfRewritten"), (Of(changed).Outcome, Assert.Single(Of(changed).Errors).Field));
        Assert.Equal(DocumentOutcome.Applied, Of(changed, consent: true).Outcome);
    }

    [Fact]
    public void Plan_EndpointWithoutName_OnlyCreateMakesOne()
    {
        var text = Doc("workloadEndpoint", "{node: n, orchestrator: o, workload: w}", "{interfaceName: cali1}");
        Assert.True(Guid.TryParse(Plan(ManifestVerb.Create, text).Plan.Documents[0].Id!.Name, out _));
        Assert.Equal("insufficient identifiers, missing 'name'", Plan(ManifestVerb.Apply, text).Plan.Documents[0].Errors[0].Reason);
        Assert.Equal("insufficient identifiers, missing 'name'", Plan(ManifestVerb.Delete, text).Plan.Documents[0].Errors[0].Reason);
    }

    [Fact]
    public void Export_IsTakenBackUnchanged()
    {
        foreach (var step in GoldenStep.Read("calicoctl", "multi", "errors", "misc").Where(s => s.Before.Count > 0))
        {
            // calicoctl 1.6.3 reads an old preDNAT policy without types as one for both directions, prints it so, and refuses that.
            var state = Listings.Snapshot(
                step.Before.Where(k => !k.Value.Contains("pre_dnat", StringComparison.Ordinal) || k.Value.Contains("types", StringComparison.Ordinal)));
            var all = ManifestExport.Select(state.Calico, new ExportFilter());
            foreach (var yaml in new[] { ManifestExport.ToYaml(all), ManifestExport.ToDocuments(all) })
            {
                var manifest = ManifestReader.Read(yaml);
                Assert.True(manifest.IsValid, $"{step.Name}: {string.Join("; ", manifest.Items.SelectMany(i => i.Errors))}\n{yaml}");
                if (manifest.Items.Length > 0)
                {
                    var plan = Planner.Plan(new ApplyManifest(ManifestVerb.Replace, manifest) { ContinueOnError = true }, state).Plan;
                    var changed = plan.Documents.Where(d => d.Outcome != DocumentOutcome.Unchanged && !IsNodeWithoutMetadata(step, d)).ToList();
                    var said = changed.SelectMany(d => d.Changes.Select(c => c.ToString()).Concat(d.Errors.Select(e => e.ToString())));
                    Assert.True(changed.TrueForAll(d => d.Changes.All(IsNoRealChange)), $"{step.Name}: {string.Join("\n", said)}");
                }
            }
        }
    }

    // calicoctl lists nodes without metadata, but does not replace them; and it fills in what a hand-made value left out.
    private static bool IsNodeWithoutMetadata(GoldenStep step, DocumentResult d) =>
        d.Id is { Kind: KindNames.Node, Name: var node } && !step.Before.ContainsKey($"/calico/v1/host/{node}/metadata");

    private static bool IsNoRealChange(DocumentChange change) => change.Object is Ready or ClusterGuid || IsCompleted(change);

    private static bool IsCompleted(DocumentChange change) => change.Before is null || !change.Before.Contains("\"types\"", StringComparison.Ordinal);

    private static IEnumerable<GoldenStep> Steps() =>
        GoldenStep.Read("calicoctl", "multi", "errors", "misc").Where(s => s.Input is not null && Regex.IsMatch(s.Command, Applying));

    private static PlannedOperation Plan(ManifestVerb verb, params string[] documents) =>
        Planner.Plan(new ApplyManifest(verb, ManifestReader.Read(string.Join("---\n", documents))), new ClusterSnapshot());

    private static string Doc(string kind, string metadata, string spec = "{}") =>
        $"apiVersion: v1\nkind: {kind}\nmetadata: {(metadata[0] == '{' ? metadata : $"{{{metadata}}}")}\nspec: {spec}\n";
}
