using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>The disk of the console's database is full: a file system of 4 MB, in memory.</summary>
[Collection(LabCollection.Name)]
public sealed class DiskFullTests(LabFixture lab, ITestOutputHelper output)
{
    [Fact]
    public async Task Intent_CannotBeRecorded_NothingIsChangedAndTheScreenSaysWhy()
    {
        await lab.ResetAsync();
        await using var disk = await SmallDisk.MountAsync();
        await using var console = await ConsoleProcess.StartAsync(lab.Settings, disk.Path);
        var api = console.Api;
        await api.FeedAsync("etcd", "live");
        disk.Fill();

        var refused = await api.SendAsync(HttpMethod.Post, "profiles", Big("web"));
        Assert.Equal("failed", refused.Demand(HttpStatusCode.ServiceUnavailable).GetProperty("outcome").GetString());
        Assert.Contains("nothing was changed", refused.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("the disk is full", refused.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(0, (await lab.Etcdctl("ls", "/calico/v1/policy/profile/web")).ExitCode);
        await api.FeedAsync("audit", "stale");
        Assert.Contains("the disk is full", ConsoleApi.Feed(await api.GetAsync("status"), "audit").GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Reading goes on.
        Assert.Equal("live", ConsoleApi.Feed(await api.GetAsync("status"), "etcd").GetProperty("status").GetString());
        await api.ItemsAsync("audit");

        disk.Free();
        output.WriteLine($"space on the disk to audit log written again: {(await api.FeedAsync("audit", "live")).TotalSeconds:0.00} s");
        (await api.SendAsync(HttpMethod.Post, "profiles", Big("web"))).Demand(HttpStatusCode.Created);
        Assert.Equal(["succeeded"], (await api.ItemsAsync("audit")).Select(Outcome));
    }

    [Fact]
    public async Task Outcome_CannotBeRecorded_IsRecordedWhenThereIsSpace()
    {
        await lab.ResetAsync();
        await using var disk = await SmallDisk.MountAsync();
        await using var console = await ConsoleProcess.StartAsync(lab.Settings, disk.Path);
        var api = console.Api;
        await api.FeedAsync("etcd", "live");
        Task<ApiAnswer> change;
        (await lab.LabAsync("pause", "etcd")).Demand();
        try
        {
            change = api.SendAsync(HttpMethod.Post, "profiles", Big("web"));
            await api.UntilAsync("audit", a => a.GetProperty("total").GetInt32() == 1);
            disk.Fill();
        }
        finally
        {
            (await lab.LabAsync("resume", "etcd")).Demand();
        }

        var answer = await change;
        Assert.Contains("could not be recorded", answer.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await lab.Etcdctl("get", "/calico/v1/policy/profile/web/tags")).ExitCode);
        await api.UntilAsync("status", s => ConsoleApi.Feed(s, "audit") is var f && f.GetProperty("status").GetString() == "stale"
            && f.GetProperty("detail").GetString()!.Contains("1 operation that came to an end could not be recorded yet", StringComparison.Ordinal));
        Assert.Equal(["open"], (await api.ItemsAsync("audit")).Select(Outcome));

        disk.Free();
        var took = await api.UntilAsync("audit", a => a.GetProperty("items").EnumerateArray().All(e => Outcome(e) == "succeeded"));
        output.WriteLine($"space on the disk to the outcome recorded: {took.TotalSeconds:0.00} s");
        await api.FeedAsync("audit", "live");
    }

    [Fact]
    public async Task Start_OnAFullDisk_EndsWithTheReason()
    {
        await lab.RequireAsync();
        await using var disk = await SmallDisk.MountAsync();
        disk.Fill();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => ConsoleProcess.StartAsync(lab.Settings, disk.Path));

        Assert.Contains("ConnectionStrings:Console", e.Message, StringComparison.Ordinal);
        Assert.Contains("full", e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", e.Message, StringComparison.Ordinal);
    }

    private static string Outcome(JsonElement entry) =>
        entry.GetProperty("outcome") is { ValueKind: JsonValueKind.Object } o ? o.GetProperty("outcome").GetString()! : "open";

    // Larger than what the write-ahead log may still have room for.
    private static object Big(string name) => new
    {
        apiVersion = "v1",
        kind = "profile",
        metadata = new { name, tags = Enumerable.Range(0, 5000).Select(i => $"{name}-{i:0000000000}").ToArray() },
        spec = new { },
    };

    /// <summary>A file system in memory of its own.</summary>
    private sealed class SmallDisk(string path) : IAsyncDisposable
    {
        public string Path => path;

        private string Ballast => System.IO.Path.Combine(path, "ballast");

        public static async Task<SmallDisk> MountAsync()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting needs Linux and root");
            var path = Directory.CreateTempSubdirectory("cc-disk-").FullName;
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "cc-disk", path);
            return new SmallDisk(path);
        }

        /// <summary>Takes every byte that is left.</summary>
        public void Fill()
        {
            using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            foreach (var size in new[] { 4096, 1 })
            {
                try
                {
                    while (true)
                    {
                        file.Write(new byte[size]);
                    }
                }
                catch (IOException)
                {
                    // Full.
                }
            }
        }

        public void Free() => File.Delete(Ballast);

        public async ValueTask DisposeAsync()
        {
            await RunAsync("umount", path);
            Directory.Delete(path);
        }

        private static async Task RunAsync(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{program}: {error}");
        }
    }
}
