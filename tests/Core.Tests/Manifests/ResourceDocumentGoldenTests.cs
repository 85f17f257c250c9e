using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Tests.Golden;

namespace CalicoConsole.Core.Tests.Manifests;

public sealed class ResourceDocumentGoldenTests
{
    private static readonly string[] Sections = ["calicoctl", "multi", "errors", "misc", "docker", "ipam", "felix", "felix-reporting"];
    private static readonly string[] Covered =
    [
        KindNames.IPPool, KindNames.Profile, KindNames.Node, KindNames.WorkloadEndpoint, KindNames.Policy, KindNames.BgpPeer, KindNames.HostEndpoint,
    ];

    [Fact]
    public void Yaml_OfStoredResources_EqualsCalicoctlGet()
    {
        var count = 0;
        foreach (var step in GoldenStep.Read(Sections).Where(s => IsGet(s, "yaml")))
        {
            var ours = Stored(step.Before).Select(r => ListItem(ResourceDocument.ToYaml(r))).ToHashSet();
            var items = Regex.Split(step.Stdout.TrimEnd('\n'), "\n(?=- )");
            foreach (var item in items.Where(t => IsCovered(t) && !t.Contains("name: vm\n", StringComparison.Ordinal)))
            {
                Assert.True(ours.Contains(item + "\n"), $"{step.Name}: no resource gives\n{item}\nbut\n{string.Join("\n", ours)}");
                count++;
            }
        }

        Assert.InRange(count, 25, int.MaxValue);
    }

    [Fact]
    public void IndentedJson_OfStoredResources_EqualsCalicoctlGet()
    {
        var count = 0;
        foreach (var step in GoldenStep.Read(Sections).Where(s => IsGet(s, "json")))
        {
            var ours = Stored(step.Before).Select(r => string.Join('\n', ResourceDocument.ToIndentedJson(r).Split('\n').Select(l => "  " + l))).ToHashSet();
            foreach (var item in Regex.Split(step.Stdout.Trim().TrimStart('[').TrimEnd(']').Trim('\n'), ",\n(?=  \\{)").Where(IsCovered))
            {
                Assert.True(ours.Contains(item), $"{step.Name}: no resource gives\n{item}");
                count++;
            }
        }

        Assert.InRange(count, 2, int.MaxValue);
    }

    [Fact]
    public void AcceptedInput_EncodesToTheBytesThatCalicoctlWrote()
    {
        var count = 0;
        foreach (var step in GoldenStep.Read(Sections).Where(IsCarriedOut))
        {
            foreach (var document in CoveredDocuments(step))
            {
                Assert.True(TryRead(document, out var resource, out var errors), $"{step.Name}: {string.Join("; ", errors)}");
                if (resource is WorkloadEndpoint { Id.Name: "" })
                {
                    continue;
                }

                Assert.Equal([], Validate(resource).Errors);
                foreach (var (key, value) in Written(resource))
                {
                    if (step.Set.TryGetValue(key, out var golden))
                    {
                        Assert.Equal((step.Name, key, golden), (step.Name, key, value));
                        count++;
                    }
                }
            }
        }

        Assert.InRange(count, 60, int.MaxValue);
    }

    [Fact]
    public void RefusedInput_IsRefusedForTheSameFieldAndReason()
    {
        var count = 0;
        foreach (var step in GoldenStep.Read("errors", "misc", "calicoctl").Where(IsRefused))
        {
            var message = Regex.Match(step.Stdout, "(?:error parsing document: |error with field |'\\w+' resource: (?=insufficient))(.*)");
            if (!message.Success || step.Name.Contains("not-yaml", StringComparison.Ordinal))
            {
                continue;
            }

            var errors = CoveredDocuments(step).SelectMany(d => TryRead(d, out var resource, out var parse) ? Validate(resource).Errors : parse).ToList();
            if (!CoveredDocuments(step).Any())
            {
                continue;
            }

            var text = message.Groups[1].Value;
            var cross = Regex.Match(text, "\\A(?<field>\\S+) = '.*?'(?: \\((?<reason>.*)\\))?\\z");
            bool IsThis(FieldError e) => cross.Success
                ? SaidField.Is(cross.Groups["field"].Value, e.Field) && (!cross.Groups["reason"].Success || cross.Groups["reason"].Value == e.Reason)
                : e.Reason == text || text == "json: cannot unmarshal number into Go value of type string";
            Assert.True(errors.Any(IsThis), $"{step.Name}: {text}\nours: {string.Join("; ", errors)}");
            count++;
        }

        Assert.InRange(count, 45, int.MaxValue);
    }

    [Theory]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"ipPoool\"}", "kind", "Unknown resource type (ipPoool) and/or version (v1)")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"IPPool\"}", "kind", "Unknown resource type (IPPool) and/or version (v1)")]
    [InlineData("{\"kind\":\"ipPool\"}", "apiVersion", "Unknown resource type (ipPool) and/or version ()")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"profile\"}", "kind", "'profile' is not ipPool")]
    [InlineData(
        "{\"apiVersion\":\"v1\",\"kind\":\"ipPool\",\"metadata\":{\"cidr\":\"10.0.0.0/8\",\"CIDR\":\"10.0.0.0/8\"}}",
        "metadata.CIDR",
        "field in document is not recognized or is in the wrong location: CIDR")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"ipPool\",\"spec\":{}}", "metadata.cidr", "insufficient identifiers, missing 'cidr'")]
    [InlineData("[]", "", "a resource document is an object and not an array")]
    public void TryRead_BadPool_FieldAndReason(string json, string field, string reason)
    {
        Assert.False(ResourceDocument.TryRead<IPPool>(Encoding.UTF8.GetBytes(json), out _, out var errors));
        Assert.Equal(new FieldError(field, reason), Assert.Single(errors));
    }

    [Fact]
    public void TryRead_NamesInAnyCaseAndNumbersAsText_AreTaken()
    {
        var json = "{\"APIVersion\":\"v1\",\"Kind\":\"profile\",\"METADATA\":{\"Name\":123,\"labels\":{\"a\":1.50,\"b\":true,\"c\":null}},\"spec\":null}"u8;

        Assert.True(ResourceDocument.TryRead<Profile>(json, out var profile, out var errors), string.Join("; ", errors));
        Assert.Equal(
            "{\"kind\":\"profile\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"123\",\"labels\":{\"a\":\"1.5\",\"b\":\"true\",\"c\":\"\"}},\"spec\":{}}",
            Encoding.UTF8.GetString(ResourceDocument.Write(profile)));
    }

    private static bool IsCarriedOut(GoldenStep step) =>
        step.ExitCode == 0
        && step.Stdout.StartsWith("Success", StringComparison.Ordinal)
        && Regex.IsMatch(step.Command, "\\A(su )?cc (create|apply|replace)");

    private static bool IsRefused(GoldenStep step) =>
        step.Input is not null && (step.ExitCode != 0 || step.Stdout.StartsWith("Failed", StringComparison.Ordinal));

    private static bool IsGet(GoldenStep step, string format) =>
        step.ExitCode == 0 && Regex.IsMatch(step.Command, $"\\A(cc|ns calicoctl-v1.6.4) get [^;]*-o {format}\\z");

    private static bool IsCovered(string text) => Covered.Any(k => Regex.IsMatch(text, $"kind\"?: \"?{k}\\b"));

    private static IEnumerable<JsonElement> CoveredDocuments(GoldenStep step) => GoldenYaml.Documents(step.Input ?? "")
        .Where(d => d["kind"]?.GetValueKind() == JsonValueKind.String && Covered.Contains(d["kind"]!.GetValue<string>()) && d["apiVersion"] is JsonValue)
        .Select(d => JsonSerializer.SerializeToElement<JsonNode>(d));

    private static bool TryRead(JsonElement document, out object resource, out ImmutableArray<FieldError> errors)
    {
        var done = ResourceDocument.TryRead<object>(document, out var read, out errors);
        resource = read!;
        return done;
    }

    private static ValidationResult Validate(object resource) => resource switch
    {
        IPPool pool => ResourceValidator.Validate(pool),
        Profile profile => ResourceValidator.Validate(profile),
        Node node => ResourceValidator.Validate(node),
        Policy policy => ResourceValidator.Validate(policy),
        BgpPeer peer => ResourceValidator.Validate(peer),
        HostEndpoint endpoint => ResourceValidator.Validate(endpoint),
        _ => ResourceValidator.Validate((WorkloadEndpoint)resource),
    };

    private static IEnumerable<KeyValuePair<string, string>> Written(object resource) => (resource switch
    {
        IPPool pool => [KeyValuePair.Create(V1Keys.Pool(pool.Cidr), IPPoolCodec.Encode(pool))],
        Profile profile => ProfileCodec.Encode(profile).AsEnumerable(),
        Node node => NodeCodec.Encode(node).Where(w => w.Value is not null).Select(w => KeyValuePair.Create(w.Key, w.Value!)),
        Policy policy => [KeyValuePair.Create(V1Keys.Policy(policy.Name), PolicyCodec.Encode(policy))],
        BgpPeer peer => [KeyValuePair.Create(V1Keys.BgpPeer(peer.PeerIP, peer.Node), BgpPeerCodec.Encode(peer))],
        HostEndpoint endpoint => [KeyValuePair.Create(V1Keys.HostEndpoint(endpoint.Node, endpoint.Name), HostEndpointCodec.Encode(endpoint))],
        var other => [KeyValuePair.Create(V1Keys.WorkloadEndpoint(((WorkloadEndpoint)other).Id), WorkloadEndpointCodec.Encode((WorkloadEndpoint)other))],
    }).Select(p => KeyValuePair.Create(p.Key, Encoding.UTF8.GetString(p.Value)));

    private static IEnumerable<object> Stored(IEnumerable<KeyValuePair<string, string>> keys)
    {
        var stored = keys.Select(p => new StoredKey(p.Key, Encoding.UTF8.GetBytes(p.Value), 1)).ToList();
        foreach (var (key, value) in stored.Select(s => (V1Key.Parse(s.Key), s.Value)))
        {
            object? resource = key switch
            {
                V1Key.Pool => IPPoolCodec.Decode(value.Span).Value,
                V1Key.WorkloadEndpoint endpoint => WorkloadEndpointCodec.Decode(endpoint.Id, value.Span).Value,
                V1Key.Policy policy => PolicyCodec.Decode(policy.Name, value.Span).Value,
                V1Key.BgpPeer peer => BgpPeerCodec.Decode(peer.Node, peer.Peer, value.Span).Value,
                V1Key.HostEndpoint endpoint => HostEndpointCodec.Decode(endpoint.Node, endpoint.Name, value.Span).Value,
                _ => null,
            };
            if (resource is not null)
            {
                yield return resource;
            }
        }

        foreach (var profile in stored.GroupBy(s => (V1Key.Parse(s.Key) as V1Key.ProfileKey)?.Name).Where(g => g.Key is not null))
        {
            yield return ProfileCodec.Decode(profile.Key!, profile).Value;
        }

        foreach (var node in stored.GroupBy(s => (V1Key.Parse(s.Key) as V1Key.NodeKey)?.Node).Where(g => g.Key is not null))
        {
            yield return NodeCodec.Decode(node.Key!, node).Value;
        }
    }

    private static string ListItem(string yaml) => "- " + yaml.TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal) + "\n";
}
