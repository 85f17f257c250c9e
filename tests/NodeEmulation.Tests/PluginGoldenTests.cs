using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.NodeEmulation.Plugin;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>Every exchange between dockerd and the real plugin, replayed: the same answers, the same keys.</summary>
public sealed class PluginGoldenTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Exchanges =>
        GoldenStep.With("\"http-", "docker", "docker-env", "docker-ipv6", "docker-v1.1.2", "docker-ipv6-host-fails");

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Plugin_RecordedExchange_AnswersAndWritesTheSame(string section, string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var step = GoldenStep.Read(section, name);
        await using var replay = new PluginReplay(step, Options(section, name));
        await replay.LoadAsync(cancellation);
        if (step.Command.StartsWith("cc delete ipPool ", StringComparison.Ordinal))
        {
            await replay.DeletePoolAsync(Cidr.Parse(step.Command.Split(' ', ';')[3]), cancellation);
        }

        await AnswerAsync(replay.Plugin.Ipam, step.Calls("http-ipam"), cancellation);
        await AnswerAsync(replay.Plugin.Network, step.Calls("http-network"), cancellation);
        await replay.Plugin.IdleAsync();
        await DeleteGarbledAsync(replay, step, cancellation);

        Assert.Equal(step.After(), await GoldenStep.DumpAsync(replay.Keys, cancellation));
        Assert.Empty(replay.Log.Lines);
    }

    [Fact]
    public void Exchanges_Recorded_AreMany() => Assert.True(Exchanges.Count() > 50, $"only {Exchanges.Count()} golden steps with an exchange");

    private static async Task AnswerAsync(IPluginHandler handler, IEnumerable<GoldenCall> calls, CancellationToken cancellation)
    {
        // The recorder mixed up some requests that came at the same moment: those have no body or no path.
        foreach (var call in calls.Where(c => c.Path.StartsWith('/') && !c.Path.Contains('>', StringComparison.Ordinal)))
        {
            var answer = await handler.AnswerAsync(call.Path, PluginReplay.Bytes(call.Body), cancellation);
            if (call.Status is { } status && call.Body is not null)
            {
                Assert.Equal(status, answer.Status);
                Assert.Equal(PluginReplay.GoText(call.Answer!.Value), answer.Body);
                Assert.Equal("application/vnd.docker.plugins.v1.1+json", answer.ContentType);
            }
        }
    }

    // Where the recording of a DeleteEndpoint is garbled, its effect is not.
    private static async Task DeleteGarbledAsync(PluginReplay replay, GoldenStep step, CancellationToken cancellation)
    {
        if (!step.Calls("http-network").Any(c => c.Status is null || c.Body is null))
        {
            return;
        }

        var left = await GoldenStep.DumpAsync(replay.Keys, cancellation);
        foreach (var id in step.Deleted.Where(left.ContainsKey).Select(V1Key.Parse).OfType<V1Key.WorkloadEndpoint>().Select(e => e.Id.Name))
        {
            Assert.Equal(200, (await replay.Plugin.Network.AnswerAsync("/NetworkDriver.DeleteEndpoint", PluginReplay.Bytes($$"""{"EndpointID":"{{id}}"}"""), cancellation)).Status);
        }
    }

    private static PluginOptions Options(string section, string name) => new()
    {
        Version = section == "docker-v1.1.2" ? PluginVersion.V112 : PluginVersion.V113,
        HostName = name.Contains("ifprefix", StringComparison.Ordinal) ? "otherhost" : "vm",
        InterfacePrefix = name.Contains("ifprefix", StringComparison.Ordinal) ? "eth" : "cali",
        LabelEndpoints = name.Contains("labels-", StringComparison.Ordinal) && section == "docker-env",
        CreateProfiles = !name.Contains("noprofiles", StringComparison.Ordinal),
    };
}
