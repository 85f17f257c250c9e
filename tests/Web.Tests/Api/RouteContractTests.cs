using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>What the routes of the API read of a request is what their description says: every request is made for real, and what it reads is noted.</summary>
public sealed class RouteContractTests : IAsyncDisposable
{
    // Bodies with which the routes get as far as they can.
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["post ippools"] = """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"198.51.100.0/24"},"spec":{}}""",
        ["put ippools/192.0.2.0-24"] = """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"192.0.2.0/24"},"spec":{}}""",
        ["post profiles"] = """{"apiVersion":"v1","kind":"profile","metadata":{"name":"new"},"spec":{}}""",
        ["put profiles/my_net"] = """{"apiVersion":"v1","kind":"profile","metadata":{"name":"my_net"},"spec":{}}""",
        ["post policies"] = """{"apiVersion":"v1","kind":"policy","metadata":{"name":"new"},"spec":{}}""",
        ["put policies/web"] = """{"apiVersion":"v1","kind":"policy","metadata":{"name":"web"},"spec":{}}""",
        ["post bgppeers"] = """{"apiVersion":"v1","kind":"bgpPeer","metadata":{"scope":"global","peerIP":"10.0.0.9"},"spec":{"asNumber":64512}}""",
        ["put bgppeers/10.0.0.1"] = """{"apiVersion":"v1","kind":"bgpPeer","metadata":{"scope":"global","peerIP":"10.0.0.1"},"spec":{"asNumber":64512}}""",
        ["post hostendpoints"] = """{"apiVersion":"v1","kind":"hostEndpoint","metadata":{"name":"eth1","node":"docker01"},"spec":{"interfaceName":"eth1"}}""",
        ["put hostendpoints/docker01/eth0"] = """{"apiVersion":"v1","kind":"hostEndpoint","metadata":{"name":"eth0","node":"docker01"},"spec":{"interfaceName":"eth0"}}""",
        ["post assertions"] = """{"name":"a","from":{"anything":true},"to":{"anything":true},"protocol":"tcp","ports":[80],"expect":"must"}""",
        ["post networks"] = """{"host":"docker01","name":"n"}""",
        ["post containers"] = """{"host":"docker01","name":"c","image":"busybox"}""",
        ["post disabled-policies"] = """{"name":"web"}""",
        ["put policy-order"] = """{"order":["web"]}""",
        ["put config/logLevel"] = """{"value":"info"}""",
        ["put ipam/config"] = "{}",
        ["post ipam/release"] = """{"addresses":["192.0.2.9"]}""",
        ["post attachments"] = """{"profile":"my_net","network":"my_net"}""",
        ["post attachments/swap"] = """{"from":"my_net","to":"db","network":"my_net"}""",
        ["put assertions/a"] = """{"from":{"anything":true},"to":{"anything":true},"protocol":"tcp","ports":[80],"expect":"must"}""",
        ["post drafts"] = """{"name":"new","manifest":"apiVersion: v1\nkind: policy\nmetadata:\n  name: web\n"}""",
        ["put drafts/later"] = """{"manifest":"apiVersion: v1\nkind: policy\nmetadata:\n  name: web\n"}""",
        ["post containers/workload1/ping"] = """{"target":"192.0.2.3"}""",
        ["post containers/workload1/mac"] = """{"interface":"cali0","mac":"ee:ee:ee:ee:ee:ee"}""",
        ["post scenes/mac-mismatch/make"] = """{"from":"docker01/workload1","to":"docker01/workload2"}""",
        ["post scenes/mac-mismatch/take-back"] = """{"from":"docker01/workload1","to":"docker01/workload2"}""",
        ["post captures"] = """{"from":"docker01/workload1","to":"192.0.2.3"}""",
        ["post diagnoses"] = """{"from":"docker01/workload1","to":"192.0.2.3","protocol":"tcp","port":80}""",
        ["post containers/workload1/connect"] = """{"target":"192.0.2.3","port":80}""",
        ["post networks/my_net/release-endpoint"] = """{"host":"docker01","container":"till"}""",
        ["post joins"] = """{"network":"my_net","securityGroup":"g","toVms":true}""",
    };

    // Where the route goes on only with some of its parameters.
    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["delete attachments"] = "profile=my_net&network=my_net",
        ["delete unparsable"] = "key=/calico/v1/policy/tier/default/policy/broken",
    };

    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["ippools/{cidr}"] = "192.0.2.0-24",
        ["profiles/{name}"] = "my_net",
        ["policies/{name}"] = "web",
        ["bgppeers/{peerIP}"] = "10.0.0.1",
        ["hostendpoints/{node}/{name}"] = "docker01/eth0",
        ["config/{name}"] = "logLevel",
        ["assertions/{name}"] = "a",
        ["drafts/{name}"] = "later",
        ["disabled-policies/{name}"] = "off",
        ["containers/{id}"] = "workload1",
        ["scenes/{code}"] = "mac-mismatch",
        ["captures/{id}"] = "00000000-0000-0000-0000-000000000001",
        ["diagnoses/{id}"] = "00000000-0000-0000-0000-000000000001",
        ["networks/{name}"] = "my_net",
        ["nodes/{host}"] = "docker01",
        ["endpoints/{node}/{orchestrator}/{workload}/{name}"] = $"docker01/libnetwork/libnetwork/{Cluster.EndpointId}",
        ["ipam/addresses/{ip}"] = "192.0.2.2",
        ["ipam/affinities/{node}/{block}"] = "docker01/192.0.2.0-26",
    };

    private readonly ConsoleFactory _console;
    private readonly Noted _notes = new();

    public RouteContractTests()
    {
        var console = _console = new ConsoleFactory { Also = s => s.AddSingleton<IStartupFilter>(_notes) };
        var snapshot = Cluster.Snapshot();
        var host = snapshot.Hosts["docker01"];
        var more = CalicoStateUpdate.FromListing(
        [
            new("/calico/v1/policy/tier/default/policy/web", "{\"selector\":\"all()\"}"u8.ToArray(), 5),
            new("/calico/v1/policy/tier/default/policy/broken", "{"u8.ToArray(), 5),
            new("/calico/v1/host/docker01/endpoint/eth0", "{\"name\":\"eth0\"}"u8.ToArray(), 5),
            new("/calico/bgp/v1/global/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":\"64512\"}"u8.ToArray(), 5),
        ], 42);
        var node = host.Containers[Cluster.First] with { Id = new string('c', 64), Name = CalicoNames.NodeContainer };
        var draft = StagedDraft.From("apiVersion: v1\nkind: policy\nmetadata:\n  name: web\n", snapshot, "", "", DateTimeOffset.UnixEpoch);
        console.State.Publish(snapshot with
        {
            Calico = snapshot.Calico with
            {
                Policies = more.Policies,
                HostEndpoints = more.HostEndpoints,
                BgpPeers = more.BgpPeers,
                Unparsable = more.Unparsable
            },
            Hosts = snapshot.Hosts.SetItem("docker01", host with { Containers = host.Containers.Add(node.Id, node) }),
            Kept = new[]
            {
                Kept(KeptKinds.Assertion, "a", """{"from":{"anything":true},"to":{"anything":true},"protocol":"tcp","ports":[80],"expect":"must"}"""u8),
                Kept(KeptKinds.Draft, "later", Encoding.UTF8.GetBytes(draft.ToJson())),
                Kept(KeptKinds.DisabledPolicy, "off", DisabledPolicy.Document("admin", DateTimeOffset.UnixEpoch, "{}"u8.ToArray())),
            }.ToImmutableSortedDictionary(k => k.Stored.Key, k => k, StringComparer.Ordinal),
        });
    }

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRoute_ReadsWhatItsDescriptionSays()
    {
        using var api = _console.Api();
        var paths = JsonElement.Parse(await api.GetStringAsync("/openapi/v1.json", Cancel)).GetProperty("paths");
        var wrong = new List<string>();
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Where(m => m.Name is "get" or "post" or "put" or "delete"))
            {
                var said = method.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToArray() : [];
                var route = path.Name["/api/v1/".Length..];
                var read = await ReadAsync(api, method.Name, route, said);
                Compare(wrong, $"{method.Name} {route}", "query", Of(said, "query"), read.Query);
                Compare(wrong, $"{method.Name} {route}", "header", Of(said, "header"), read.Headers);
                if (read.GaveETag != (method.Value.GetProperty("responses").TryGetProperty("200", out var ok) && ok.TryGetProperty("headers", out var headers)
                    && headers.TryGetProperty("ETag", out _)) && read.Ok)
                {
                    wrong.Add($"{method.Name} {route}: the description and the answer differ about ETag");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("DELETE", "ippools/192.0.2.0-24", "evenIfInUse")]
    [InlineData("DELETE", "profiles/my_net", "evenIfRewritten")]
    [InlineData("DELETE", "policies/web", "dryRun")]
    [InlineData("DELETE", "hostendpoints/docker01/eth0", "evenIfBreaksAssertions")]
    public async Task AFlagThatIsNeitherTrueNorFalse_IsRefused(string method, string path, string flag)
    {
        using var api = _console.Api();
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), $"/api/v1/{path}?{flag}=yes");
        using var response = await api.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"{flag} must be true or false", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(_console.Runner.Ran);
    }

    [Theory]
    [InlineData("ippools/192.0.2.0-24")]
    [InlineData("profiles/my_net")]
    [InlineData("policies/web")]
    [InlineData("bgppeers/10.0.0.1")]
    [InlineData("hostendpoints/docker01/eth0")]
    public async Task Delete_WithIfMatch_HandsTheRevisionOn(string path)
    {
        using var api = _console.Api();
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/{path}");
        request.Headers.TryAddWithoutValidation("If-Match", "\"7\"");
        using var response = await api.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var operation = Assert.Single(_console.Runner.Ran).Operation;
        Assert.Equal(7UL, operation.GetType().GetProperty("ExpectedRevision")!.GetValue(operation));
    }

    private static KeptItem Kept(string kind, string name, ReadOnlySpan<byte> value) =>
        new(kind, name, new StoredKey(KeptKeys.For(kind, name), value.ToArray(), 9));

    private static HashSet<string> Of(JsonElement[] parameters, string where) =>
        [.. parameters.Where(p => p.GetProperty("in").GetString() == where).Select(p => p.GetProperty("name").GetString()!)];

    private static void Compare(List<string> wrong, string route, string what, HashSet<string> said, HashSet<string> read)
    {
        wrong.AddRange(read.Except(said, StringComparer.OrdinalIgnoreCase).Select(n => $"{route} reads the {what} {n}, which its description does not say"));
        wrong.AddRange(said.Except(read, StringComparer.OrdinalIgnoreCase).Select(n => $"{route} does not read the {what} {n}, which its description says"));
    }

    // Once without and once with everything that is described, since some is read only when other things are given.
    private async Task<Reads> ReadAsync(HttpClient api, string method, string route, JsonElement[] said)
    {
        var path = Values.OrderByDescending(v => v.Key.Length).FirstOrDefault(v => route.StartsWith(v.Key, StringComparison.Ordinal)) is { Key: { } key } found
            ? string.Concat(key.AsSpan(0, key.IndexOf('{')), found.Value, route.AsSpan(key.Length))
            : route;
        path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "x");
        var all = new Reads([], [], false, false);
        var asked = string.Join('&', Of(said, "query").Select(n => $"{n}={Given(n)}"));
        foreach (var query in new[] { "", asked, Queries.GetValueOrDefault($"{method} {route}", ""), method == "get" ? "" : "dryRun=true",
            "verb=apply" }.Distinct())
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), $"/api/v1/{path}?{query}");
            if (method is "post" or "put")
            {
                request.Content = new StringContent(Bodies.GetValueOrDefault($"{method} {path}", "{}"), Encoding.UTF8, "application/json");
            }

            _notes.Reset();
            // Not to its end, which a stream of events has not.
            using var response = await api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.True((int)response.StatusCode < 600 && response.StatusCode is not HttpStatusCode.Unauthorized and not HttpStatusCode.InternalServerError,
                $"{method} {path}?{query}: {response.StatusCode}");
            var read = _notes.Taken();
            all = new([.. all.Query, .. read.Query], [.. all.Headers, .. read.Headers], all.GaveETag || response.Headers.ETag is not null,
                all.Ok || response.IsSuccessStatusCode);
        }

        return all;
    }

    private static string Given(string name) => name switch
    {
        "dryRun" => "true",
        "kind" or "node" or "host" or "profile" or "container" or "network" or "endpoint" or "workload" or "orchestrator" => "",
        "verb" => "apply",
        "limit" or "before" => "5",
        "since" or "until" => "2026-01-31T12:00:00Z",
        "result" => "done",
        "pool" => "192.0.2.0-24",
        "selector" => "all()",
        "from" or "to" => "192.0.2.2",
        "protocol" => "tcp",
        "port" => "80",
        "raw" => "felix",
        _ when name.StartsWith("even", StringComparison.Ordinal) || name is "discard" or "documents" or "failOnBroken" or "continueOnError" => "false",
        _ => "1",
    };

    private sealed record Reads(HashSet<string> Query, HashSet<string> Headers, bool GaveETag, bool Ok);

    /// <summary>Puts itself before everything else and hands on collections that note which names are asked for.</summary>
    private sealed class Noted : IStartupFilter
    {
        private readonly HashSet<string> _query = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _headers = new(StringComparer.OrdinalIgnoreCase);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, further) =>
            {
                context.Features.Set<IQueryFeature>(new QueryFeature(new NotedQuery(context.Request.Query, _query)));
                if (context.Features.Get<IHttpRequestFeature>() is { } request)
                {
                    request.Headers = new NotedHeaders(request.Headers, _headers);
                }

                return further(context);
            });
            next(app);
        };

        public void Reset()
        {
            _query.Clear();
            _headers.Clear();
        }

        public Reads Taken() => new([.. _query], [.. _headers], false, false);
    }

    private sealed class NotedQuery(IQueryCollection inner, HashSet<string> names) : IQueryCollection
    {
        public int Count => inner.Count;

        public ICollection<string> Keys => inner.Keys;

        public StringValues this[string key] => TryGetValue(key, out var value) ? value : StringValues.Empty;

        public bool ContainsKey(string key) => TryGetValue(key, out _);

        public bool TryGetValue(string key, out StringValues value)
        {
            names.Add(key);
            return inner.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => inner.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    // The server itself reads many headers; of the routes only conditions matter.
    private sealed class NotedHeaders(IHeaderDictionary inner, HashSet<string> names) : IHeaderDictionary
    {
        private static readonly string[] Conditions = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Prefer", "Last-Event-ID"];

        public StringValues this[string key]
        {
            get => Note(inner[key], key);
            set => inner[key] = value;
        }

        public long? ContentLength { get => inner.ContentLength; set => inner.ContentLength = value; }

        public StringValues IfMatch { get => Note(inner.IfMatch, "If-Match"); set => inner.IfMatch = value; }

        public StringValues IfNoneMatch { get => Note(inner.IfNoneMatch, "If-None-Match"); set => inner.IfNoneMatch = value; }

        public ICollection<string> Keys => inner.Keys;

        public ICollection<StringValues> Values => inner.Values;

        public int Count => inner.Count;

        public bool IsReadOnly => inner.IsReadOnly;

        public void Add(string key, StringValues value) => inner[key] = value;

        public void Add(KeyValuePair<string, StringValues> item) => inner.Add(item);

        public void Clear() => inner.Clear();

        public bool Contains(KeyValuePair<string, StringValues> item) => inner.Contains(item);

        public bool ContainsKey(string key) => Note(inner.ContainsKey(key), key);

        public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => inner.CopyTo(array, arrayIndex);

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => inner.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public bool Remove(string key) => inner.Remove(key);

        public bool Remove(KeyValuePair<string, StringValues> item) => inner.Remove(item);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value) => Note(inner.TryGetValue(key, out value), key);

        private T Note<T>(T value, string key)
        {
            if (Conditions.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                names.Add(key);
            }

            return value;
        }
    }
}
