using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Tests.Execution.Keys;

public class ManifestExecutorTests
{
    private const string A = "/calico/v1/policy/tier/default/policy/a";
    private const string B = "/calico/v1/policy/tier/default/policy/b";
    private readonly MemoryDatastore _store = new();

    [Fact]
    public async Task OneObjectTwice_EachWriteExpectsTheOneBefore()
    {
        var result = await RunAsync(ManifestVerb.Apply, false, Policy("a", 1), Policy("b", 1), Policy("a", 2), Policy("a", 2));
        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Equal([DocumentOutcome.Applied, DocumentOutcome.Applied, DocumentOutcome.Applied, DocumentOutcome.Unchanged],
            result.Documents.Select(d => d.Outcome));
        Assert.Equal([A, B, A], _store.Written.Select(w => w.Key));
        Assert.Contains("\"order\":2", _store.Text(A), StringComparison.Ordinal);
        Assert.True(result.SeenIn!(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = _store.Revision } }));
        Assert.False(result.SeenIn(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = _store.Revision - 1 } }));
    }

    [Fact]
    public async Task Refused_StopsThere_AsCalicoctl()
    {
        _store.Set(B, "{\"selector\":\"\",\"types\":[\"ingress\"]}");
        var steps = new Steps();
        var result = await RunAsync(ManifestVerb.Create, false, steps, Policy("a", 1), Policy("b", 1), Policy("c", 1));
        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Equal([DocumentOutcome.Created, DocumentOutcome.Refused, DocumentOutcome.Skipped], result.Documents.Select(d => d.Outcome));
        Assert.Equal("Partial success: created 1 out of 3 'policy' resources. Hit error: 2. policy b: resource already exists: Policy(name=b)", result.Message);
        Assert.Equal([A], _store.Written.Select(w => w.Key));
        Assert.Equal(["1. policy a done", "2. policy b failed", "3. policy c skipped"],
            steps.All.GroupBy(s => s.Step).Select(g => $"{g.Key} {g.Last().State}"));
    }

    [Fact]
    public async Task FirstRefused_NothingDone_IsRefused()
    {
        _store.Set(A, "{\"selector\":\"\",\"types\":[\"ingress\"]}");
        var result = await RunAsync(ManifestVerb.Create, false, Policy("a", 1), Policy("b", 1));
        Assert.Equal(OperationOutcome.Refused, result.Outcome);
        Assert.Equal("Failed to create any 'policy' resources: 1. policy a: resource already exists: Policy(name=a)", result.Message);
    }

    [Fact]
    public async Task NodeRefused_LeavesReadyBehind_AsCalicoctl()
    {
        _store.Set("/calico/v1/host/h1/metadata", "{}");
        var result = await RunAsync(ManifestVerb.Create, false, "apiVersion: v1\nkind: node\nmetadata: {name: h1}\n", Policy("a", 1));
        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Equal([DocumentOutcome.Refused, DocumentOutcome.Skipped], result.Documents.Select(d => d.Outcome));
        Assert.Equal(["/calico/v1/Ready", "/calico/v1/config/ClusterGUID"], _store.Written.Select(w => w.Key));
        Assert.Equal(["/calico/v1/Ready", "/calico/v1/config/ClusterGUID"], result.Documents[0].Changes.Select(c => c.Object));
        Assert.Contains("resource already exists: Node(name=h1)", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflict_ContinueOnError_GoesOnAndLeavesTheOthersWork()
    {
        var seen = _store.Set(A, "{\"selector\":\"\",\"types\":[\"ingress\"]}");
        var planned = await PlanAsync(ManifestVerb.Apply, true, Policy("a", 1), Policy("b", 1), Policy("a", 2));
        _store.Set(A, "{\"selector\":\"has(x)\",\"types\":[\"ingress\"]}");
        Assert.NotEqual(seen, _store.Revision);
        var result = await ExecuteAsync(planned, new Steps());
        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Equal([DocumentOutcome.Failed, DocumentOutcome.Applied, DocumentOutcome.Failed], result.Documents.Select(d => d.Outcome));
        Assert.Contains("has(x)", result.Documents[0].Errors[0].Reason, StringComparison.Ordinal);
        Assert.Equal([B], _store.Written.Select(w => w.Key));
    }

    [Fact]
    public async Task Cancelled_BetweenResources_SkipsTheRest()
    {
        using var source = new CancellationTokenSource();
        _store.AfterWrite = (_, _) => source.Cancel();
        var result = await ExecuteAsync(await PlanAsync(ManifestVerb.Apply, false, Policy("a", 1), Policy("b", 1)), new Steps(), source.Token);
        Assert.Equal((OperationOutcome.Partial, DocumentOutcome.Applied, DocumentOutcome.Skipped),
            (result.Outcome, result.Documents[0].Outcome, result.Documents[1].Outcome));
        Assert.Null(_store.Text(B));
    }

    [Fact]
    public async Task StoreLostMidway_SaysHowFarItCame()
    {
        _store.BeforeRead = key => _ = key == B ? throw new EtcdUnavailableException("refused") : 0;
        var result = await RunAsync(ManifestVerb.Apply, false, Policy("a", 1), Policy("b", 1), Policy("c", 1));
        Assert.Equal([DocumentOutcome.Applied, DocumentOutcome.Failed, DocumentOutcome.Skipped], result.Documents.Select(d => d.Outcome));
        Assert.StartsWith("Partial success: applied 1 out of 3 'policy' resources. Hit error: 2. policy b: The datastore could not be read", result.Message,
            StringComparison.Ordinal);
    }

    private static string Policy(string name, int order) => $"apiVersion: v1\nkind: policy\nmetadata: {{name: {name}}}\nspec: {{order: {order}}}\n";

    private async Task<(ApplyManifest Operation, PlannedOperation Planned)> PlanAsync(ManifestVerb verb, bool goOn, params string[] documents)
    {
        var operation = new ApplyManifest(verb, ManifestReader.Read(string.Join("---\n", documents))) { ContinueOnError = goOn };
        var keys = await _store.ReadAllAsync("/calico", TestContext.Current.CancellationToken);
        return (operation, new OperationPlanner().Plan(operation, new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing(keys, _store.Revision) }));
    }

    private Task<ExecutionResult> RunAsync(ManifestVerb verb, bool goOn, params string[] documents) => RunAsync(verb, goOn, new Steps(), documents);

    private async Task<ExecutionResult> RunAsync(ManifestVerb verb, bool goOn, Steps steps, params string[] documents) =>
        await ExecuteAsync(await PlanAsync(verb, goOn, documents), steps);

    private Task<ExecutionResult> ExecuteAsync((ApplyManifest Operation, PlannedOperation Planned) planned, Steps steps, CancellationToken? token = null) =>
        new ManifestExecutor(new KeyWritesExecutor(_store)).ExecuteAsync(planned.Operation, planned.Planned, steps,
            token ?? TestContext.Current.CancellationToken);
}
