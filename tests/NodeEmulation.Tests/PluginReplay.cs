using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.NodeEmulation.Plugin;
using CalicoConsole.Sandbox;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>The emulated plugin on a store that holds what was there before a golden step.</summary>
internal sealed class PluginReplay : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly GoldenStep _step;

    public PluginReplay(GoldenStep step, PluginOptions options)
    {
        _step = step;
        Ipam = new IpamClient(Keys, StartOf);
        var calls = step.Calls("http-network").ToArray();
        var endpointId = calls.Where(c => c.Path == "/NetworkDriver.CreateEndpoint").Select(c => Member(c.Body!, "EndpointID")).FirstOrDefault() ?? "";
        var gateway = calls.Where(c => c.Path == "/NetworkDriver.Join" && c.Answer is { ValueKind: JsonValueKind.Object })
            .Select(c => c.Answer!.Value.GetProperty("GatewayIPv6").GetString()!).FirstOrDefault() ?? "";
        Links = new RecordedLinks(Ip.TryParse(gateway, out var ip) ? ip : null);
        Plugin = new CalicoPlugin(options, Keys, new RecordedDocker(step, endpointId), Links, TimeProvider.System, Log, Ipam);
    }

    public InMemoryEtcdKeys Keys { get; } = new(TimeProvider.System);

    public RecordedLinks Links { get; }

    public ListLog Log { get; } = new();

    public IpamClient Ipam { get; }

    public CalicoPlugin Plugin { get; }

    public Task LoadAsync(CancellationToken cancellationToken) => _step.LoadAsync(Keys, cancellationToken);

    public static byte[] Bytes(string? text) => Encoding.UTF8.GetBytes(text ?? "");

    public static string Member(string body, string name)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty(name).GetString()!;
    }

    /// <summary>JSON text without blanks, with Go's escapes, members in their order. The recorder doubled backslashes inside Err.</summary>
    public static string GoText(JsonElement answer)
    {
        var text = JsonSerializer.Serialize(answer, Compact).Replace(@"\\u003c", @"\u003c", StringComparison.Ordinal)
            .Replace(@"\\u003e", @"\u003e", StringComparison.Ordinal).Replace(@"\\n", @"\n", StringComparison.Ordinal);
        return text + "\n";
    }

    public async ValueTask DisposeAsync()
    {
        await Plugin.DisposeAsync();
        Keys.Dispose();
    }

    /// <summary>calicoctl's part of a step: deletes a pool as it does, disabling it first and giving up the blocks inside.</summary>
    public async Task DeletePoolAsync(Cidr pool, CancellationToken cancellationToken)
    {
        var affinities = _step.Before.Keys.Select(V1Key.Parse).OfType<V1Key.IpamAffinity>().Where(a => pool.Contains(a.Block));
        foreach (var affinity in affinities)
        {
            await Ipam.ReleaseAffinityAsync(affinity.Block, affinity.Node, cancellationToken);
        }

        await Keys.DeleteAsync(V1Keys.Pool(pool), EtcdDeletion.Key, EtcdCondition.None, cancellationToken);
    }

    /// <summary>Go's random start cannot be had elsewhere: begin where the real plugin found its new block.</summary>
    private UInt128 StartOf(Cidr pool, string node)
    {
        var chosen = _step.Set.Keys.Where(k => k.Contains("/assignment/", StringComparison.Ordinal) && !_step.Before.ContainsKey(k))
            .Concat(_step.Set.Keys.Where(k => k.Contains("/assignment/", StringComparison.Ordinal)))
            .Select(V1Key.Parse).OfType<V1Key.IpamBlock>().Select(b => b.Block).Where(b => pool.Contains(b)).Cast<Cidr?>().FirstOrDefault();
        return chosen is { } block ? (block.First.Bits - pool.First.Bits) / IpamBlock.Size : BlockWalk.Start(pool, node);
    }
}
