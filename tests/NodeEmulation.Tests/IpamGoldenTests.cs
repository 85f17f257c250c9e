using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Plugin;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>The section in which the real plugin's sockets were driven by hand.</summary>
public sealed partial class IpamGoldenTests
{
    // In the other steps of the section only calicoctl's create and show are run.
    public static IEnumerable<TheoryDataRow<string, string>> Steps =>
        GoldenStep.With("\"step\"", "ipam").Where(s => IsOurs(GoldenStep.Read(s.Data.Item1, s.Data.Item2).Command));

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Plugin_DrivenByHand_AnswersAndWritesTheSame(string section, string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var step = GoldenStep.Read(section, name);
        await using var replay = new PluginReplay(step, new PluginOptions { Version = PluginVersion.V113, HostName = HostOf(name) });
        await replay.LoadAsync(cancellation);
        foreach (Match pool in DeletePool().Matches(step.Command))
        {
            await replay.DeletePoolAsync(Cidr.Parse(pool.Groups[1].Value), cancellation);
        }

        var times = step.Command.Contains("seq 64", StringComparison.Ordinal) ? 64 : 1;
        var expected = step.Output.Contains("HTTP/1.1", StringComparison.Ordinal)
            ? step.Output.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries)
                .Select(a => (int.Parse(a[..3], System.Globalization.CultureInfo.InvariantCulture), BodyOf(a))).ToArray()
            : [.. step.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(a => (200, a + "\n"))];
        var at = 0;
        foreach (var call in Enumerable.Repeat(Call().Matches(step.Command), times).SelectMany(m => m))
        {
            var (handler, driver) = call.Groups[1].Value == "net" ? (replay.Plugin.Network, "NetworkDriver") : (replay.Plugin.Ipam, "IpamDriver");
            var body = call.Groups[3].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
            var answer = await handler.AnswerAsync($"/{driver}.{call.Groups[2].Value}", PluginReplay.Bytes(body), cancellation);
            if (body.Contains("junk", StringComparison.Ordinal) && call.Groups[2].Value == "ReleaseAddress")
            {
                // The real plugin drops the connection here; ours says what is wrong.
                Assert.Equal(500, answer.Status);
                continue;
            }

            var (status, text) = expected[at++];
            Assert.Equal(status, answer.Status);
            // The words about broken JSON are the JSON library's own.
            Assert.True(status == 400 || answer.Body == text, $"{body}\nexpected {text}got {answer.Body}");
        }

        Assert.Equal(step.Command.StartsWith("cc ", StringComparison.Ordinal) ? 0 : expected.Length, at);
        Assert.Equal(step.After(), await GoldenStep.DumpAsync(replay.Keys, cancellation));
    }

    private static bool IsOurs(string command) => Call().IsMatch(command) || DeletePool().IsMatch(command);

    private static string HostOf(string name) =>
        name.IndexOf("-as-", StringComparison.Ordinal) is var at and >= 0 ? name[(at + 4)..]
        : string.CompareOrdinal(name, "014") >= 0 ? "host-z" : "vm";

    private static string BodyOf(string answer)
    {
        var body = answer[(answer.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        return body.TrimEnd('\n') + "\n";
    }

    [GeneratedRegex(@"(?:^|; |; do )(ipam|net) (\w+) ""((?:\\""|[^""])*)""")]
    private static partial Regex Call();

    [GeneratedRegex(@"cc delete ipPool (\S+?)(?:;|$)")]
    private static partial Regex DeletePool();
}
