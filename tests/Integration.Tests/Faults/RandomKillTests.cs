using System.Diagnostics;
using System.Globalization;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>
/// Parts are killed at random while several administrators write: no audit entry is lost, no update is lost, and no screen shows old data as
/// live. <c>CC_KILLS</c> says how often (docs/operations.md has the command for 200), <c>CC_KILL_MINUTES</c> for how long at most, <c>CC_KILL_SEED</c> repeats
/// a run.
/// </summary>
[Collection(LabCollection.Name)]
public sealed class RandomKillTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly string[] Hosts = ["docker01", "docker02"];
    private int _ended;

    [Fact]
    public async Task Parts_KilledAtRandomDuringWrites_LoseNothing()
    {
        var rounds = Setting("CC_KILLS", 10);
        var seed = Setting("CC_KILL_SEED", Environment.TickCount);
        output.WriteLine($"seed {seed}");
        await lab.ResetAsync();
        await Task.WhenAll(Hosts.Select(h => lab.DeployNodeOnAsync(h, "NO_DEFAULT_POOLS=true")));
        await using var console = await ConsoleProcess.StartAsync(lab.Settings);
        var steps = new ApiSteps(lab, console.Api);
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        var profiles = new ProfileWriters(lab, console);
        await profiles.MakeAsync(profiles.Profile);
        await console.Api.UntilAsync("profiles", p => p.GetRawText().Contains($"\"{profiles.Profile}\"", StringComparison.Ordinal));
        var containers = Hosts.Select(h => new ContainerWriter(console, h)).ToArray();
        var watcher = new Watcher(console, profiles);
        var times = new FaultTimes();
        using var ending = new CancellationTokenSource();
        Task[] writing =
        [
            profiles.ByConsoleAsync("ann", ending.Token), profiles.ByConsoleAsync("ben", ending.Token), profiles.PastItAsync(ending.Token),
            .. containers.Select(c => c.RunAsync(ending.Token)), watcher.RunAsync(ending.Token),
        ];
        try
        {
            rounds = await KillAsync(console, watcher, times, rounds, seed);
        }
        finally
        {
            output.WriteLine(times.Table());
            await ending.CancelAsync();
            await Task.WhenAll(writing);
        }

        foreach (var feed in new[] { "etcd", "docker/docker01", "docker/docker02", "audit" })
        {
            await console.Api.FeedAsync(feed, "live");
        }

        var verdict = new Verdict(lab, console.Api);
        await verdict.ReadAsync();
        verdict.Answers([.. profiles.Answered.Values, .. containers.SelectMany(c => c.Answered.Select(a => (a.Key, a.Value.Outcome, a.Value.EndUnknown)))]);
        await verdict.TagsAsync(profiles);
        foreach (var host in Hosts)
        {
            await verdict.ContainersAsync(host);
        }

        output.WriteLine(
            $"{rounds} kills; {_ended} times an engine had ended by itself; audit: {verdict.Summary}; {profiles.Direct.Count} writes past the console; "
            + $"{profiles.Unanswered} requests without an answer; {watcher.Screens} screens compared, "
            + $"longest lag of one called live {watcher.LongestLag.TotalSeconds:0.00} s");
        Assert.True(verdict.Wrong.Count == 0 && watcher.Lies.IsEmpty, $"seed {seed}:\n{string.Join('\n', [.. verdict.Wrong, .. watcher.Lies])}");
    }

    private async Task<int> KillAsync(ConsoleProcess console, Watcher watcher, FaultTimes times, int rounds, int seed)
    {
        var random = new Random(seed);
        LabPart[] parts = [LabPart.Etcd(lab), .. Hosts.Select(h => LabPart.Engine(lab, h)), .. Hosts.Select(h => LabPart.Node(lab, h))];
        var began = Stopwatch.GetTimestamp();
        var most = TimeSpan.FromMinutes(Setting("CC_KILL_MINUTES", 600));
        for (var round = 0; round < rounds; round++)
        {
            if (Stopwatch.GetElapsedTime(began) > most)
            {
                return round;
            }

            await Task.Delay(random.Next(1000), TestContext.Current.CancellationToken);
            // Of twenty: the console four times, etcd seven, each engine two, each node two and a half.
            var which = random.Next(20);
            if (which < 4)
            {
                await console.KillAsync();
                await Task.Delay(random.Next(500), TestContext.Current.CancellationToken);
                var started = Stopwatch.GetTimestamp();
                await console.RestartAsync();
                await LiveAsync(console, "etcd", "docker/docker01", "docker/docker02");
                times.Add("console killed", null, Stopwatch.GetElapsedTime(started));
            }
            else
            {
                await RoundAsync(console, watcher, times, parts[which < 11 ? 0 : which < 13 ? 1 : which < 15 ? 2 : which % 2 == 0 ? 3 : 4], random);
            }
        }

        return rounds;
    }

    private async Task RoundAsync(ConsoleProcess console, Watcher watcher, FaultTimes times, LabPart part, Random random)
    {
        await part.KillAsync();
        TimeSpan? noticed = null;
        if (part.Feed is { } feed)
        {
            watcher.Died(feed);
            noticed = await console.Api.UntilAsync("status", s => ConsoleApi.Feed(s, feed).GetProperty("status").GetString() != "live");
            await Task.Delay(random.Next(500), TestContext.Current.CancellationToken);
            watcher.Returns(feed);
        }

        var recovered = await part.StartAsync(() => LiveAsync(console, part.Feed is { } own ? [own] : []));
        await LiveAsync(console, "etcd", "docker/docker01", "docker/docker02");
        times.Add($"{part.Name} killed", noticed, recovered);
    }

    // dockerd 20.10 may end by itself: with a cluster store that dies while a container starts it dereferences nil (libnetwork, processEndpointCreate). Then
    // its host's service manager starts it, here we.
    private async Task LiveAsync(ConsoleProcess console, params string[] feeds)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var status = await console.Api.GetAsync("status");
            if (feeds.All(f => ConsoleApi.Feed(status, f).GetProperty("status").GetString() == "live"))
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2),
                $"not all of {string.Join(", ", feeds)} are live after two minutes: {Shown.Of(status)}");
            foreach (var host in Hosts.Where(h => LabPart.HasEnded(lab, h)))
            {
                _ended++;
                (await lab.LabAsync("start", host)).Demand();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
