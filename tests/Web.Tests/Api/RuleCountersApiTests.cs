using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Live;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Api;

public sealed class RuleCountersApiTests : IAsyncLifetime
{
    private const string Kernel = "*filter\n:cali-pri-my_net - [0:0]\n:cali-pro-my_net - [0:0]\n[12:1008] -A cali-pri-my_net -m set --match-set s src "
        + "-j MARK --set-xmark 0x1000000/0x1000000\n[12:1008] -A cali-pri-my_net -m mark --mark 0x1000000/0x1000000 -j RETURN\n[0:0] -A cali-pro-my_net "
        + "-j MARK --set-xmark 0x1000000/0x1000000\n[0:0] -A cali-pro-my_net -m mark --mark 0x1000000/0x1000000 -j RETURN\nCOMMIT";

    private static readonly DateTimeOffset At = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly UnreadCounters _counters = new();
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public RuleCountersApiTests()
    {
        _console = new ConsoleFactory { Also = s => s.AddSingleton<IRuleCounterReader>(_counters) };
        _api = _console.Api();
        var snapshot = Cluster.Snapshot();
        var host = snapshot.Hosts["docker01"];
        var node = host.Containers[Cluster.First] with { Id = new string('c', 64), Name = CalicoNames.NodeContainer };
        var profile = snapshot.Calico.Profiles["my_net"];
        var allow = new Rule { Action = "allow" };
        _console.State.Publish(snapshot with
        {
            Calico = snapshot.Calico with
            {
                Profiles = snapshot.Calico.Profiles.SetItem("my_net", profile with
                {
                    Value = profile.Value with { Ingress = [allow with { Source = new RuleEntity { Tag = "my_net" } }], Egress = [allow] },
                }),
            },
            Hosts = snapshot.Hosts.SetItem("docker01", host with { Containers = host.Containers.Add(node.Id, node) }),
        });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task Counters_OfAProfile_AreTheKernelsOnes()
    {
        _counters.Answer = h => new HostSample(h, At, ChainCounts.Parse(Kernel.Split('\n')), "");
        await _console.Services.GetRequiredService<RuleCounterSampler>().SampleAsync(Cancel);

        var items = (await _api.GetFromJsonAsync<JsonElement>("/api/v1/rule-counters?profile=my_net", Cancel)).GetProperty("items").EnumerateArray().ToArray();

        var inbound = Assert.Single(items, i => i.GetProperty("direction").GetString() == "ingress");
        var hosts = inbound.GetProperty("hosts").GetArrayLength();
        Assert.True(hosts > 0);
        Assert.Equal(("known", 1, 12 * hosts, 1008 * hosts), (inbound.GetProperty("state").GetString(), inbound.GetProperty("rule").GetInt32(),
            inbound.GetProperty("packets").GetInt32(), inbound.GetProperty("bytes").GetInt32()));
        Assert.Equal(0, Assert.Single(items, i => i.GetProperty("direction").GetString() == "egress").GetProperty("packets").GetInt32());
        Assert.Empty((await _api.GetFromJsonAsync<JsonElement>("/api/v1/rule-counters?policy=my_net", Cancel)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Counters_HostThatCannotBeRead_AreUnknownWithTheReason()
    {
        _counters.Answer = h => new HostSample(h, At, null, "no answer within 3 s");
        await _console.Services.GetRequiredService<RuleCounterSampler>().SampleAsync(Cancel);

        var items = (await _api.GetFromJsonAsync<JsonElement>("/api/v1/rule-counters?profile=my_net", Cancel)).GetProperty("items").EnumerateArray();

        Assert.All(items, i => Assert.Equal("unknown", i.GetProperty("state").GetString()));
        Assert.All(items, i => Assert.EndsWith("was not read: no answer within 3 s", i.GetProperty("missing").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Csv_IsATableOfAllOfThem()
    {
        _counters.Answer = h => new HostSample(h, At, ChainCounts.Parse(Kernel.Split('\n')), "");
        await _console.Services.GetRequiredService<RuleCounterSampler>().SampleAsync(Cancel);

        using var answer = await _api.GetAsync("/api/v1/rule-counters?format=csv", Cancel);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).Split("\r\n");
        Assert.StartsWith("kind,name,direction,rule,state,packets,bytes,hosts,", lines[0], StringComparison.Ordinal);
        Assert.Single(lines, l => l.StartsWith("profile,my_net,ingress,1,known,", StringComparison.Ordinal));
        Assert.All(lines[1..^1], l => Assert.Equal(lines[0].Count(c => c == ','), l.Count(c => c == ',')));
    }

    [Fact]
    public async Task Format_ThatThereIsNot_IsRefused()
    {
        using var answer = await _api.GetAsync("/api/v1/rule-counters?format=xml", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
