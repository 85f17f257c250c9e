using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Doctor;

/// <summary>Captures on the lab, whose calico-node has no tcpdump: in the helper image, which the console loads onto the hosts by itself.</summary>
[Collection(LabCollection.Name)]
public sealed class CaptureTests(LabFixture lab, ITestOutputHelper output)
{
    private const string Image = "calico-console/helper:1";
    private const string Changed = "86:24:00:ce:d2:5d";
    private const string Told = "ee:ee:ee:ee:ee:ee";

    [Fact]
    public async Task Capture_OnTheLab_ShowsTheWalkThrough_AndLeavesNothingBehindWhateverDies()
    {
        await lab.RequireAsync();
        var folder = Directory.CreateTempSubdirectory("cc-capture-").FullName;
        try
        {
            await using var console = await ConsoleProcess.StartAsync(lab.Settings, folder);
            var stage = new DoctorStage(lab, console.Api);
            await stage.BuildAsync();
            await LoadAsync(console.Api);
            await WalkThroughAsync(stage);
            await ConsoleDiesAsync(console);
            await EngineDiesAsync(console.Api);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            // As the other tests have them.
            (await lab.LabAsync("timers", "calico")).Demand();
        }
    }

    private async Task WalkThroughAsync(DoctorStage stage)
    {
        // All is well: over both hosts, whose points are aligned by the packets themselves.
        var api = stage.Api;
        var (well, packets) = await CaptureAsync(api, new { from = "docker01/web", to = "docker02/far", ping = true, seconds = 4, protocol = "icmp" });
        Assert.Equal(6, well.GetProperty("points").GetArrayLength());
        Assert.Contains(packets, p => p.GetProperty("summary").GetString()!.StartsWith("echo reply", StringComparison.Ordinal)
            && p.GetProperty("fate").GetString() == "arrived" && p.GetProperty("seen").EnumerateArray().All(s => s.ValueKind == JsonValueKind.Object));
        Assert.DoesNotContain(packets, p => p.GetProperty("fate").GetString() is "lost" or "wrongMac");

        // The walk-through: one container has another MAC than Felix was told.
        await stage.InAsync("docker01", "web", "ip", "link", "set", "dev", "cali0", "address", Changed);
        await stage.LostAsync("docker01", "web", DoctorStage.Near);
        var (broken, lost) = await CaptureAsync(api, new { from = "docker01/web", to = "docker01/near", ping = true, seconds = 4, protocol = "icmp" });
        Assert.Equal(Changed, broken.GetProperty("points")[0].GetProperty("mac").GetString());
        var replies = lost.Where(p => p.GetProperty("summary").GetString()!.StartsWith("echo reply", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(replies);
        Assert.All(replies, r => Assert.Equal("wrongMac", r.GetProperty("fate").GetString()));
        Assert.All(replies, r => Assert.Contains($"arrived at cali0 in web for {Told}, but cali0 in web has {Changed}", r.GetProperty("verdict").GetString()!,
            StringComparison.Ordinal));
        Assert.Contains(replies, r => r.GetProperty("seen").EnumerateArray().All(s => s.ValueKind == JsonValueKind.Object));
        output.WriteLine(broken.GetProperty("headlines")[0].GetString()!);

        // The file of a point is what tcpdump reads.
        var file = await api.BytesAsync($"captures/{broken.GetProperty("id").GetString()}/pcap?point=0");
        Assert.Equal([0xD4, 0xC3, 0xB2, 0xA1], file[..4]);
        await NothingIsLeftAsync();
    }

    private async Task ConsoleDiesAsync(ConsoleProcess console)
    {
        var running = console.Api.SendAsync(HttpMethod.Post, "captures", new { from = "docker01/web", to = "docker01/near", seconds = 60 });
        await HelpersRunAsync(4);
        await console.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => running);
        Assert.NotEmpty(await HelpersAsync());

        await console.RestartAsync();
        await NothingIsLeftAsync();
        await console.Api.UntilAsync("audit", a => a.GetProperty("items").EnumerateArray()
            .Any(i => i.GetProperty("operation").GetString() == "host.sweepHelpers"));
    }

    private async Task EngineDiesAsync(ConsoleApi api)
    {
        await api.UntilAsync("containers", c => c.GetProperty("items").GetArrayLength() >= 4);
        var began = Stopwatch.GetTimestamp();
        var running = api.SendAsync(HttpMethod.Post, "captures", new { from = "docker01/web", to = "docker02/far", seconds = 8 });
        await HelpersRunAsync(6);
        (await lab.LabAsync("kill", "docker01")).Demand();
        var answer = (await running).Demand(HttpStatusCode.OK);
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"with an engine that was killed: {took.TotalSeconds:0.0} s"));
        Assert.True(took < TimeSpan.FromSeconds(45), $"{took}");
        var report = await api.GetAsync($"captures/{answer.GetProperty("id").GetString()}");
        Assert.Equal("failed", report.GetProperty("points")[0].GetProperty("end").GetString());
        Assert.NotEmpty(report.GetProperty("points")[0].GetProperty("detail").GetString()!);

        (await lab.LabAsync("start", "docker01")).Demand();
        await NothingIsLeftAsync();
    }

    private async Task LoadAsync(ConsoleApi api)
    {
        foreach (var host in new[] { "docker01", "docker02" })
        {
            if ((await lab.DockerOn(host, "images", "-q", Image)).Demand().Output.Trim().Length == 0)
            {
                var refused = await api.SendAsync(HttpMethod.Post, "captures", new { points = new[] { $"{host}:eth0" }, seconds = 1 });
                refused.DemandProblem(HttpStatusCode.UnprocessableEntity, "image", "does not have the image");
            }

            (await api.SendAsync(HttpMethod.Post, $"nodes/{host}/helper-image", new { })).Demand(HttpStatusCode.OK);
        }
    }

    private static async Task<(JsonElement Report, JsonElement[] Packets)> CaptureAsync(ConsoleApi api, object request)
    {
        var answer = (await api.SendAsync(HttpMethod.Post, "captures", request)).Demand(HttpStatusCode.OK);
        var id = answer.GetProperty("id").GetString();
        var packets = await api.GetAsync($"captures/{id}/packets?limit=1000");
        return (await api.GetAsync($"captures/{id}"), [.. packets.GetProperty("items").EnumerateArray()]);
    }

    private Task<string> HelpersRunAsync(int count) =>
        LabCluster.UntilAsync(HelpersAsync, h => h.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == count);

    private Task<string> NothingIsLeftAsync() => LabCluster.UntilAsync(HelpersAsync, helpers => helpers.Length == 0);

    private async Task<string> HelpersAsync()
    {
        var all = await Task.WhenAll(new[] { "docker01", "docker02" }.Select(async h =>
            (await lab.DockerOn(h, "ps", "-aq", "--filter", "label=org.calico-console.helper")).Output.Trim()));
        return string.Join('\n', all.Where(t => t.Length > 0));
    }
}
