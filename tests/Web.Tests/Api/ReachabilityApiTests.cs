using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

public sealed class ReachabilityApiTests : IClassFixture<ConsoleFactory>
{
    private readonly HttpClient _api;
    private readonly ConsoleFactory _console;

    public ReachabilityApiTests(ConsoleFactory console)
    {
        _console = console;
        _api = console.Api();
        var snapshot = Cluster.Snapshot();
        console.State.Publish(snapshot with { Calico = ReachabilitySample.State() });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("from=workload1&to=db&protocol=tcp&port=5432", true)]
    [InlineData("from=workload1&to=db&protocol=tcp&port=80", false)]
    [InlineData("from=workload1&to=db&port=5432", true)]
    [InlineData("from=docker01/workload1&to=192.0.2.3&port=5432", true)]
    [InlineData("from=198.51.100.7&to=db&port=5432", false)]
    [InlineData("from=docker01&to=workload1", true)]
    [InlineData("from=workload1&to=db", false)]
    public async Task Ask_Answers(string query, bool allowed)
    {
        var answer = await GetAsync($"reachability?{query}", HttpStatusCode.OK);
        Assert.Equal(allowed, answer.GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Ask_Denied_ExplainsAndSuggests()
    {
        var answer = await GetAsync("reachability?from=workload1&to=db&protocol=tcp&port=80", HttpStatusCode.OK);
        Assert.Equal("docker01/workload1", answer.GetProperty("from").GetProperty("name").GetString());
        Assert.Contains("port 80 is not in 5432", answer.GetProperty("nearMisses")[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Contains(answer.GetProperty("trace").EnumerateArray(),
            s => s.GetProperty("sentence").GetString()!.Contains("profile web, rule 1 allows: Allow", StringComparison.Ordinal));
        Assert.Contains(answer.GetProperty("suggestions").EnumerateArray(),
            s => s.GetProperty("resources")[0].GetProperty("metadata").GetProperty("name").GetString() == "db");
    }

    [Fact]
    public async Task SeveralAddresses_AreAnsweredForEach()
    {
        _console.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.WithTwoAddresses() });
        var answer = await GetAsync("reachability?from=workload1&to=db&port=5432", HttpStatusCode.OK);
        Assert.Equal((false, "192.0.2.3"), (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("to").GetProperty("address").GetString()));
        Assert.Equal("""[{"from":"192.0.2.2","to":"10.9.9.9","allowed":true}]""", answer.GetProperty("otherAddresses").GetRawText());

        var matrix = await GetAsync("reachability/matrix", HttpStatusCode.OK);
        Assert.Equal(1, matrix.GetProperty("splitEndpoints").GetInt32());
        var cell = Assert.Single(matrix.GetProperty("cells").EnumerateArray(),
            c => c.GetProperty("from").GetString() == "web" && c.GetProperty("to").GetString() == "db");
        Assert.Equal(("some", 0, "tcp 5432"), (cell.GetProperty("open").GetString(), cell.GetProperty("always").GetArrayLength(),
            cell.GetProperty("sometimes")[0].GetString()));
    }

    [Fact]
    public async Task SourcePort_IsAskedAbout()
    {
        var answer = await GetAsync("reachability?from=workload1&to=db&protocol=tcp&port=5432&sourcePort=179", HttpStatusCode.OK);
        Assert.Equal("tcp port 5432 from source port 179", answer.GetProperty("traffic").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("unknown").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("replyAllowed").ValueKind);
    }

    [Fact]
    public async Task ForwardedTraffic_IsAskedAboutByItsInterfaces()
    {
        const string Key = "/calico/v1/host/docker01/endpoint/uplink";
        var uplink = new StoredKey(Key, Encoding.UTF8.GetBytes("""{"name":"eth0","profile_ids":["db"]}"""), 99);
        _console.State.Publish(Cluster.Snapshot() with
        {
            Calico = CalicoStateUpdate.Apply(ReachabilitySample.State(), new DatastoreUpdate.Change(Key, uplink, false, 99)).State,
        });
        const string Question = "reachability?from=198.51.100.7&to=203.0.113.7&port=80";

        // Without the host nothing of Calico is on the way.
        Assert.True((await GetAsync(Question, HttpStatusCode.OK)).GetProperty("allowed").GetBoolean());
        var unknown = await GetAsync($"{Question}&via=docker01", HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, unknown.GetProperty("allowed").ValueKind);
        Assert.Contains("say by which interface it enters", unknown.GetProperty("unknown").GetString(), StringComparison.Ordinal);

        var denied = await GetAsync($"{Question}&via=docker01&viaIn=eth0&viaOut=eth1", HttpStatusCode.OK);
        Assert.False(denied.GetProperty("allowed").GetBoolean());
        Assert.Equal("tcp port 80 through docker01 (eth0 to eth1)", denied.GetProperty("traffic").GetString());
        Assert.Contains(denied.GetProperty("trace").EnumerateArray(),
            s => s.GetProperty("sentence").GetString()!.StartsWith("into host endpoint docker01/uplink: denied", StringComparison.Ordinal));
        Assert.True((await GetAsync($"{Question}&via=docker01&viaIn=eth1&viaOut=eth2", HttpStatusCode.OK)).GetProperty("allowed").GetBoolean());
    }

    [Theory]
    [InlineData("192.0.2.200:8443", "")]
    [InlineData("[fd80::200]:8443", "&ipVersion=6")]
    public async Task DialledTarget_IsSaid(string dialled, string version)
    {
        var (from, to) = version.Length == 0 ? ("198.51.100.7", "db") : ("fd00::7", "docker02");
        var path = $"reachability?from={from}&to={to}&protocol=tcp&port=5432&dialled={Uri.EscapeDataString(dialled)}{version}";
        if (version.Length == 0)
        {
            Assert.Equal($"tcp port 5432, dialled as {dialled}", (await GetAsync(path, HttpStatusCode.OK)).GetProperty("traffic").GetString());
        }
        else
        {
            // No node of the sample has an IPv6 address: the dialled one is read all the same.
            Assert.Equal("to", Assert.Single((await GetAsync(path, HttpStatusCode.BadRequest)).GetProperty("errors").EnumerateArray()).GetProperty("field")
                .GetString());
        }
    }

    [Fact]
    public async Task RuleThatFelixCannotProgram_MakesTheAnswerUnknown()
    {
        var state = ReachabilitySample.State();
        const string Key = "/calico/v1/policy/tier/default/policy/ping";
        var bad = new StoredKey(Key, Encoding.UTF8.GetBytes("""{"selector":"all()","inbound_rules":[{"action":"allow","icmp_type":8},{"action":"allow"}],"types":["ingress"]}"""), 99);
        var stray = new StoredKey("/calico/v1/stray", Encoding.UTF8.GetBytes("x"), 100);
        state = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(Key, bad, false, 99)).State;
        state = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(stray.Key, stray, false, 100)).State;
        _console.State.Publish(Cluster.Snapshot() with { Calico = state });
        var answer = await GetAsync("reachability?from=workload1&to=db&protocol=tcp&port=5432", HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("allowed").ValueKind);
        Assert.Contains("policy ping: ingress rule 1 cannot be programmed", answer.GetProperty("unknown").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("It is not known whether docker01/workload1 may reach", answer.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        var other = Assert.Single((await GetAsync("other-keys", HttpStatusCode.OK)).GetProperty("items").EnumerateArray(),
            k => k.GetProperty("key").GetString() == stray.Key);
        Assert.Equal(("ignored", "x"), (other.GetProperty("fate").GetString(), other.GetProperty("value").GetString()));
    }

    [Theory]
    [InlineData("reachability?from=workload1&to=db&port=80&sourcePort=0", "sourcePort")]
    [InlineData("reachability?from=workload1&to=db&protocol=icmp&sourcePort=50", "sourcePort")]
    [InlineData("reachability?from=198.51.100.7&to=203.0.113.7&port=80&via=nowhere", "via")]
    [InlineData("reachability?from=198.51.100.7&to=db&port=80&via=docker02", "via")]
    [InlineData("reachability?from=198.51.100.7&to=203.0.113.7&port=80&viaIn=eth0", "via")]
    [InlineData("reachability?from=198.51.100.7&to=203.0.113.7&port=80&via=docker01&viaIn=10.0.0.1", "viaIn")]
    [InlineData("reachability?from=198.51.100.7&to=203.0.113.7&port=80&via=docker01&viaOut=eth1,eth2", "viaOut")]
    [InlineData("reachability?from=198.51.100.7&to=db&port=80&fromInterface=eth0", "fromInterface")]
    [InlineData("reachability?from=workload1&to=db&port=80&toInterface=an-interface-too-long", "toInterface")]
    [InlineData("reachability?from=198.51.100.7&to=db&port=80&dialled=192.0.2.9:99999", "dialled")]
    [InlineData("reachability?from=198.51.100.7&to=db&port=80&dialled=fd80::1", "dialled")]
    [InlineData("reachability?from=198.51.100.7&to=203.0.113.7&port=80&dialled=192.0.2.9", "dialled")]
    [InlineData("reachability?from=198.51.100.7&to=db&protocol=icmp&dialled=192.0.2.9:80", "dialled")]
    [InlineData("reachability?from=nobody&to=db", "from")]
    [InlineData("reachability?from=workload1", "to")]
    [InlineData("reachability?from=workload1&to=db&port=70000", "port")]
    [InlineData("reachability?from=workload1&to=db&protocol=tcp", "port")]
    [InlineData("reachability?from=workload1&to=db&protocol=gre", "protocol")]
    [InlineData("reachability?from=workload1&to=fd80::1", "from")]
    [InlineData("reachability/matrix?by=colour", "by")]
    public async Task Get_Refused_NamesTheField(string path, string field)
    {
        var problem = await GetAsync(path, HttpStatusCode.BadRequest);
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("profile", "web", "db", "some", "tcp 5432")]
    [InlineData("label:role", "front", "back", "some", "tcp 5432")]
    [InlineData("network", "my_net", "db", "some", "tcp 5432")]
    public async Task Matrix_SaysWhatIsOpen(string by, string from, string to, string open, string always)
    {
        var answer = await GetAsync($"reachability/matrix?by={by}", HttpStatusCode.OK);
        var cell = answer.GetProperty("cells").EnumerateArray().Single(c => c.GetProperty("from").GetString() == from && c.GetProperty("to").GetString() == to);
        Assert.Equal((open, always), (cell.GetProperty("open").GetString(), cell.GetProperty("always")[0].GetString()));
    }

    [Fact]
    public async Task Preview_TellsTheDifferenceAndWarns()
    {
        const string Manifest = """
            apiVersion: v1
            kind: profile
            metadata:
              name: db
              tags: [db]
            spec:
              ingress:
              - action: allow
                protocol: tcp
                source: {tag: nobody}
              egress:
              - action: allow
            """;
        var answer = await PostAsync(Manifest, HttpStatusCode.OK);
        var difference = answer.GetProperty("ipv4");
        Assert.Equal((0, 1), (difference.GetProperty("openedPairs").GetInt32(), difference.GetProperty("closedPairs").GetInt32()));
        var change = difference.GetProperty("changes").EnumerateArray().Single(c => c.GetProperty("from").GetString() == "web");
        Assert.Equal("tcp 5432", change.GetProperty("closed")[0].GetString());
        Assert.Contains(answer.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("kind").GetString() == "matchesNothing");
        Assert.Equal(HttpStatusCode.OK, (await _api.GetAsync("/api/v1/reachability?from=workload1&to=db&port=5432", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("kind: profile\napiVersion: v1\nmetadata: {name: x}\nspec: {colour: red}\n")]
    [InlineData("")]
    public async Task Preview_Refused(string manifest) => await PostAsync(manifest, HttpStatusCode.BadRequest);

    private async Task<JsonElement> GetAsync(string path, HttpStatusCode status)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, text);
        return JsonElement.Parse(text);
    }

    private async Task<JsonElement> PostAsync(string manifest, HttpStatusCode status)
    {
        using var content = new StringContent(manifest, Encoding.UTF8, "application/yaml");
        using var response = await _api.PostAsync("/api/v1/reachability/preview", content, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, text);
        return JsonElement.Parse(text);
    }
}

/// <summary>Two endpoints: web (the container workload1) may reach db on 5432, nothing else.</summary>
internal static class ReachabilitySample
{
    public static CalicoState State() => CalicoStateUpdate.FromListing(
    [
        Key(V1Keys.Host("docker01") + "/metadata", "{}"),
        Key("/calico/bgp/v1/host/docker01/ip_addr_v4", "192.168.122.45"),
        Key("/calico/v1/ipam/v4/pool/192.0.2.0-24", """{"cidr":"192.0.2.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":false}"""),
        Key(V1Keys.ProfileTags("web"), """["web"]"""),
        Key(V1Keys.ProfileLabels("web"), """{"role":"front"}"""),
        Key(V1Keys.ProfileRules("web"), """{"inbound_rules":[],"outbound_rules":[{"action":"allow"}]}"""),
        Key(V1Keys.ProfileTags("db"), """["db"]"""),
        Key(V1Keys.ProfileLabels("db"), """{"role":"back"}"""),
        Key(V1Keys.ProfileRules("db"), """{"inbound_rules":[{"action":"allow","protocol":"tcp","src_tag":"web","dst_ports":[5432]}],"outbound_rules":[]}"""),
        Endpoint("docker01", Cluster.EndpointId, "192.0.2.2", "web"),
        Endpoint("docker02", "db", "192.0.2.3", "db"),
    ], 1);

    /// <summary>The sample with a second address of db, which its rules let web reach there alone.</summary>
    public static CalicoState WithTwoAddresses()
    {
        var state = State();
        foreach (var (key, value) in new[]
        {
            (V1Keys.ProfileRules("db"), """{"inbound_rules":[{"action":"allow","protocol":"tcp","dst_nets":["10.9.9.0/24"],"dst_ports":[5432]}],"outbound_rules":[]}"""),
            (V1Keys.WorkloadEndpoint(new WorkloadEndpointId("docker02", "libnetwork", "libnetwork", "db")), """{"state":"active","name":"cali2","profile_ids":["db"],"ipv4_nets":["192.0.2.3/32","10.9.9.9/32"],"ipv6_nets":[]}"""),
        })
        {
            (state, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(key, Key(key, value), Subtree: false, 2));
        }

        return state;
    }

    private static StoredKey Endpoint(string node, string name, string ip, string profile) => Key(
        V1Keys.WorkloadEndpoint(new WorkloadEndpointId(node, "libnetwork", "libnetwork", name)),
        $$"""{"state":"active","name":"cali1","profile_ids":["{{profile}}"],"ipv4_nets":["{{ip}}/32"],"ipv6_nets":[]}""");

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 1);
}
