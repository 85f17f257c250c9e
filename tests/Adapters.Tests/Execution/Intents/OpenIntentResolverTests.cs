using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Adapters.Tests.Execution.Intents;

public sealed class OpenIntentResolverTests : DatabaseTests
{
    private const string Tags = "/calico/v1/policy/profile/web/tags";
    private const string Rules = "/calico/v1/policy/profile/web/rules";
    private readonly MemoryDatastore _store = new();

    [Theory]
    [InlineData("[\"new\"]", "new", "foundDone")]
    [InlineData("[\"old\"]", "old", "foundNotDone")]
    [InlineData("[\"new\"]", "old", "foundPartial")]
    [InlineData("[\"theirs\"]", "theirs", "foundUnknown")]
    [InlineData("[\"new\"]", "theirs", "foundPartial")]
    [InlineData("[\"old\"]", "theirs", "foundUnknown")]
    public async Task Resolve_WhatStandsThere_IsNamed(string tagsNow, string rulesNow, string expected)
    {
        var tags = _store.Set(Tags, "[\"old\"]");
        var rules = _store.Set(Rules, "old");
        await IntendAsync(new KeyWrite(Tags, "[\"new\"]"u8.ToArray(), Expectation.At(tags)), new KeyWrite(Rules, "new"u8.ToArray(), Expectation.At(rules)));
        if (tagsNow != "[\"old\"]")
        {
            _store.Set(Tags, tagsNow);
        }

        if (rulesNow != "old")
        {
            _store.Set(Rules, rulesNow);
        }

        var outcome = await ResolveAsync();

        Assert.Equal(expected, outcome.Outcome);
        Assert.Contains($"{Tags} is", outcome.Message, StringComparison.Ordinal);
        Assert.Contains($"{Rules} is", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(rulesNow != "old", AuditDocuments.Read(outcome.Changes).Any(c => c.Object == Rules && c.After == rulesNow));
    }

    [Fact]
    public async Task Resolve_NothingButADirectory_IsNotGuessedAt()
    {
        await IntendAsync(new KeyWrite("/calico/v1/host/r1", null, Expectation.Any) { EmptyDirectory = true });
        var outcome = await ResolveAsync();
        Assert.Equal("foundUnknown", outcome.Outcome);
        Assert.Contains("/calico/v1/host/r1", outcome.Message, StringComparison.Ordinal);
    }

    /// <summary>A key that was to stay as it is does not make a change of another one, which somebody else overwrote meanwhile, one in part.</summary>
    [Theory]
    [InlineData("new", "foundDone")]
    [InlineData("old", "foundNotDone")]
    [InlineData("theirs", "foundUnknown")]
    public async Task Resolve_KeyThatNeededNoChange_TellsNothing(string tagsNow, string expected)
    {
        var rules = _store.Set(Rules, "same");
        var tags = _store.Set(Tags, "old");
        await IntendAsync(new KeyWrite(Tags, "new"u8.ToArray(), Expectation.At(tags)), new KeyWrite(Rules, "same"u8.ToArray(), Expectation.At(rules)));
        if (tagsNow != "old")
        {
            _store.Set(Tags, tagsNow);
        }

        Assert.Equal(expected, (await ResolveAsync()).Outcome);
    }

    [Fact]
    public async Task Resolve_Deletion_DoneOrNot()
    {
        var rules = _store.Set(Rules, "old");
        await IntendAsync(
            new KeyWrite(Rules, "disabled"u8.ToArray(), Expectation.At(rules)), new KeyWrite(Rules, null, Expectation.At(rules)),
            new KeyWrite("/calico/v1/policy/profile/web", null, Expectation.Any) { EmptyDirectory = true });
        Assert.Equal("foundNotDone", (await ResolveAsync()).Outcome);

        await IntendAsync(new KeyWrite(Rules, "disabled"u8.ToArray(), Expectation.At(rules)), new KeyWrite(Rules, null, Expectation.At(rules)));
        _store.Set(Rules, "disabled");
        Assert.Equal("foundPartial", (await ResolveAsync()).Outcome);

        await IntendAsync(new KeyWrite("/absent", null, Expectation.At(3)));
        Assert.Equal("foundDone", (await ResolveAsync()).Outcome);
    }

    [Fact]
    public async Task Resolve_StoreUnreachable_StaysOpenUntilItAnswers()
    {
        await IntendAsync(new KeyWrite(Rules, "new"u8.ToArray(), Expectation.Absent));
        _store.BeforeRead = _ => throw new EtcdUnavailableException("no endpoint");
        var resolver = Resolver();
        var open = await Database.Log.OpenIntentsAsync(Token);

        Assert.Single(await resolver.ResolveAsync(open, Token));
        Assert.Single(await Database.Log.OpenIntentsAsync(Token));

        _store.BeforeRead = null;
        Assert.Empty(await resolver.ResolveAsync(open, Token));
        Assert.Empty(await Database.Log.OpenIntentsAsync(Token));
    }

    [Fact]
    public async Task Resolve_DockerHostNotConfigured_IsUnknownAndNamesTheCalls()
    {
        var writes = new IntentWrites([], ["POST docker01 containers/create c"]).ToJson();
        await Database.Log.IntentAsync(TestDatabase.Intent(kind: "container", name: "docker01/c", writes: writes), Token);

        var outcome = await ResolveAsync();

        Assert.Equal("foundUnknown", outcome.Outcome);
        Assert.Contains("POST docker01 containers/create c", outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"v":9}""", "foundUnknown")]
    [InlineData("""{"v":1,"writes":[],"docker":[]}""", "foundNotDone")]
    public async Task Resolve_NothingToCompare_SaysSo(string writes, string expected)
    {
        await Database.Log.IntentAsync(TestDatabase.Intent(writes: writes), Token);

        Assert.Equal(expected, (await ResolveAsync()).Outcome);
    }

    [Fact]
    public async Task Service_AtStart_TakesOnlyWhatWasOpen()
    {
        await IntendAsync(new KeyWrite(Rules, "new"u8.ToArray(), Expectation.Absent));
        using var service = new OpenIntentService(Database.Log, Resolver(), TimeProvider.System, NullLogger<OpenIntentService>.Instance);
        var first = new TaskCompletionSource();
        using var go = new ManualResetEventSlim();
        _store.BeforeRead = _ =>
        {
            first.TrySetResult();
            go.Wait(TimeSpan.FromSeconds(10), Token);
        };

        await service.StartAsync(Token);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        var late = TestDatabase.Intent(name: "late");
        await Database.Log.IntentAsync(late, Token);
        go.Set();
        await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.Equal(late.OperationId, Assert.Single(await Database.Log.OpenIntentsAsync(Token)).OperationId);
    }

    private OpenIntentResolver Resolver() => new(Database.Log, _store, new NoHosts(), TimeProvider.System, NullLogger<OpenIntentResolver>.Instance);

    private Task IntendAsync(params ImmutableArray<KeyWrite> writes) =>
        Database.Log.IntentAsync(TestDatabase.Intent(writes: IntentWrites.From(new PlannedOperation(new Plan(), writes)).ToJson()), Token);

    private async Task<AuditOutcome> ResolveAsync()
    {
        var open = Assert.Single(await Database.Log.OpenIntentsAsync(Token));
        Assert.Empty(await Resolver().ResolveAsync([open], Token));
        return (await Database.Log.QueryAsync(new AuditQuery { Limit = 1 }, Token)).Items.Single().Outcome!;
    }

    private sealed class NoHosts : IDockerHosts
    {
        public ImmutableArray<IDockerHost> All => [];

        public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IDockerHost? host)
        {
            host = null;
            return false;
        }
    }
}
