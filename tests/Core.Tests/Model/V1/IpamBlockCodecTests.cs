using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Model.V1;

public sealed class IpamBlockCodecTests
{
    [Fact]
    public void EncodeDecode_EveryGoldenBlock_IsByteEqual()
    {
        var blocks = Directory.GetFiles(Repository.Golden(), "*.json", SearchOption.AllDirectories)
            .Where(f => !f.Contains("verdicts", StringComparison.Ordinal))
            .SelectMany(Blocks).Distinct().ToArray();

        Assert.True(blocks.Length > 20, $"{blocks.Length} blocks");
        foreach (var text in blocks)
        {
            var decoded = IpamBlockCodec.Decode(Encoding.UTF8.GetBytes(text));
            Assert.True(decoded.IsOk, decoded.Reason);
            Assert.Equal(text, Encoding.UTF8.GetString(IpamBlockCodec.Encode(decoded.Value)));
        }
    }

    private static IEnumerable<string> Blocks(string file)
    {
        using var step = JsonDocument.Parse(File.ReadAllBytes(file));
        var found = new List<string>();
        foreach (var member in new[] { "before", "set" })
        {
            if (step.RootElement.TryGetProperty(member, out var keys) && keys.ValueKind == JsonValueKind.Object)
            {
                found.AddRange(keys.EnumerateObject().Where(k => V1Key.Parse(k.Name) is V1Key.IpamBlock).Select(k => k.Value.GetString()!));
            }
        }

        return found;
    }
}
