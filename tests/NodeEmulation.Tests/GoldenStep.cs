using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>One request of dockerd to the plugin with what the real plugin answered; parts are null where the recording lost them.</summary>
internal sealed record GoldenCall(string Path, string? Body, int? Status, JsonElement? Answer);

/// <summary>A golden step: keys before, the exchange, keys after.</summary>
internal sealed class GoldenStep
{
    private readonly JsonElement _root;

    private GoldenStep(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        _root = document.RootElement.Clone();
    }

    public string Command => _root.GetProperty("command").GetString()!;

    public string Output => _root.GetProperty("stdout").GetString()!;

    public int ExitCode => _root.GetProperty("exitCode").GetInt32();

    public SortedDictionary<string, string> Before => Keys("before");

    public SortedDictionary<string, string> Set => Keys("set");

    public ImmutableArray<string> Deleted => [.. _root.GetProperty("deleted").EnumerateArray().Select(e => e.GetString()!)];

    public static GoldenStep Read(string section, string name) => new(Repository.Golden(section, name + ".json"));

    /// <summary>Steps of some sections whose text contains a phrase, as theory data.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> With(string phrase, params string[] sections) =>
        from section in sections
        from file in Directory.EnumerateFiles(Repository.Golden(section), "*.json").Order(StringComparer.Ordinal)
        where File.ReadAllText(file).Contains(phrase, StringComparison.Ordinal)
        select new TheoryDataRow<string, string>(section, Path.GetFileNameWithoutExtension(file));

    public IEnumerable<GoldenCall> Calls(string member) => !_root.TryGetProperty(member, out var calls)
        ? []
        : calls.EnumerateArray().Select(c => new GoldenCall(
            c.GetProperty("request").GetString()!,
            c.TryGetProperty("body", out var body) && body.ValueKind != JsonValueKind.Null ? body.GetRawText() : null,
            c.TryGetProperty("status", out var status) ? status.GetInt32() : null,
            c.TryGetProperty("answer", out var answer) ? answer : null));

    /// <summary>The store as it was before the step, Calico's part.</summary>
    public async Task LoadAsync(IEtcdKeys keys, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in Calico(Before))
        {
            await keys.PutAsync(key, Encoding.UTF8.GetBytes(value), EtcdCondition.None, null, cancellationToken);
        }
    }

    /// <summary>Calico's keys as they were after the step.</summary>
    public SortedDictionary<string, string> After()
    {
        var after = new SortedDictionary<string, string>(Calico(Before).ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in Calico(Set))
        {
            after[key] = value;
        }

        foreach (var key in Deleted)
        {
            after.Remove(key);
        }

        return after;
    }

    public static async Task<SortedDictionary<string, string>> DumpAsync(IEtcdKeys keys, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            Collect((await keys.GetAsync("/calico", recursive: true, quorum: true, cancellationToken)).Node, found);
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            // Nothing is stored.
        }

        return found;
    }

    private static void Collect(EtcdNode node, SortedDictionary<string, string> found)
    {
        if (!node.IsDirectory)
        {
            found[node.Key] = Encoding.UTF8.GetString(node.Value.Span);
        }

        foreach (var child in node.Nodes.IsDefault ? [] : node.Nodes)
        {
            Collect(child, found);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Calico(SortedDictionary<string, string> keys) =>
        keys.Where(k => k.Key.StartsWith("/calico/", StringComparison.Ordinal));

    private SortedDictionary<string, string> Keys(string member) => new(
        _root.GetProperty(member).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!),
        StringComparer.Ordinal);
}
