using System.Diagnostics;
using System.Globalization;
using System.Text;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Benchmarks;

/// <summary>What following a real etcd on loopback costs, in one run and on one machine, so that the figures can be put side by side.</summary>
internal static class EtcdBenchmark
{
    private const int Hosts = 200;
    private const int Rounds = 5;
    private const int Changes = 100;

    public static async Task RunAsync(int count, CancellationToken cancellationToken)
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: cancellationToken);
        using var keys = new EtcdKeysClient(new EtcdOptions { Endpoints = [server.Endpoint] }, TimeProvider.System);
        await LatencyAsync(keys, cancellationToken);
        await SnapshotAsync(keys, cancellationToken);
        await SeedAsync(keys, count, cancellationToken);
        await ListingAsync(server, keys, count, cancellationToken);
        await LatencyAsync(keys, cancellationToken);
        await SnapshotAsync(keys, cancellationToken);
    }

    /// <summary>Single changes, further apart than the batch window, until the feed's snapshot with the change is published.</summary>
    private static async Task SnapshotAsync(EtcdKeysClient keys, CancellationToken cancellationToken)
    {
        const string Key = "/calico/v1/Ready";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var state = new ClusterState(TimeProvider.System, NullLogger<ClusterState>.Instance);
        var feed = Task.WhenAll(state.RunAsync(ending.Token), new DatastoreFeed(new EtcdV2Datastore(keys, TimeProvider.System), state).RunAsync(ending.Token));
        if (await state.WaitForAsync(s => s.Feeds.Any(f => f is { Name: DatastoreFeed.FeedName, Status: FeedStatus.Live }), TimeSpan.FromMinutes(2),
            cancellationToken) is null)
        {
            throw new InvalidOperationException("the feed did not become live within two minutes");
        }

        var seen = new List<double>();
        for (var i = 0; i < Changes; i++)
        {
            await Task.Delay(ClusterState.BatchWindow * 2, cancellationToken);
            var text = string.Create(CultureInfo.InvariantCulture, $"snapshot {i}");
            var sent = Stopwatch.GetTimestamp();
            var published = state.WaitForAsync(s => s.Calico.Keys.TryGet(Key, out var stored) && stored.Text == text, TimeSpan.FromSeconds(30),
                cancellationToken);
            await keys.PutAsync(Key, Encoding.UTF8.GetBytes(text), EtcdCondition.None, null, cancellationToken);
            _ = await published ?? throw new InvalidOperationException($"change {i} did not reach the snapshot");
            seen.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        var known = state.Current.Calico.WorkloadEndpoints.Count;
        await ending.CancelAsync();
        await feed.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Print($"set sent until snapshot published, {Changes} changes, {known} endpoints",
            $"median {Percentile(seen, 50):0.0} ms, p95 {Percentile(seen, 95):0.0} ms, max {seen.Max():0.0} ms");
    }

    private static async Task LatencyAsync(EtcdKeysClient keys, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        var seen = new List<double>();
        var live = new TaskCompletionSource();
        var next = new SemaphoreSlim(0);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = Task.Run(async () =>
        {
            await foreach (var update in new EtcdV2Datastore(keys, TimeProvider.System).FollowAsync(ending.Token))
            {
                if (update is DatastoreUpdate.Live)
                {
                    live.TrySetResult();
                }
                else if (update is DatastoreUpdate.Change { Value: { } value })
                {
                    seen.Add(Stopwatch.GetElapsedTime(sent[value.Text]).TotalMilliseconds);
                    next.Release();
                }
            }
        }, CancellationToken.None);
        await live.Task.WaitAsync(cancellationToken);
        for (var i = 0; i < Changes; i++)
        {
            var text = i.ToString(CultureInfo.InvariantCulture);
            sent[text] = Stopwatch.GetTimestamp();
            await keys.PutAsync("/calico/v1/Ready", Encoding.UTF8.GetBytes(text), EtcdCondition.None, null, cancellationToken);
            await next.WaitAsync(cancellationToken);
        }

        await ending.CancelAsync();
        await following.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Print($"change sent until followed, {Changes} changes",
            $"median {Percentile(seen, 50):0.0} ms, p95 {Percentile(seen, 95):0.0} ms, max {seen.Max():0.0} ms");
    }

    private static async Task SeedAsync(EtcdKeysClient keys, int count, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken },
            async (i, token) =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"/calico/v1/host/host-{i % Hosts}/workload/libnetwork/libnetwork/endpoint/{i:x64}");
            var value = string.Create(CultureInfo.InvariantCulture, $$"""{"state":"active","name":"cali{{i:x11}}","active_instance_id":"","mac":"ee:ee:ee:ee:ee:ee","profile_ids":["frontend"],"ipv4_nets":["10.{{i >> 16}}.{{(i >> 8) & 255}}.{{i & 255}}/32"],"ipv6_nets":[],"labels":{"role":"web","stage":"test"},"ipv4_gateway":"169.254.1.1"}""");
            await keys.PutAsync(key, Encoding.UTF8.GetBytes(value), EtcdCondition.None, null, token);
        });
        Print($"{count} keys written, 32 at once", $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    private static async Task ListingAsync(EtcdServer server, EtcdKeysClient keys, int count, CancellationToken cancellationToken)
    {
        var raw = new List<double>();
        var listed = new List<double>();
        var made = new List<double>();
        var buffer = new byte[128 * 1024];
        long bytes = 0;
        using var client = server.NewClient();
        client.Timeout = TimeSpan.FromMinutes(2);
        for (var round = 0; round <= Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using (var stream = await client.GetStreamAsync(new Uri($"{server.Endpoint}/v2/keys/calico?recursive=true&quorum=true"), cancellationToken))
            {
                bytes = 0;
                for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
                {
                    bytes += read;
                }
            }

            var rawTime = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            began = Stopwatch.GetTimestamp();
            await foreach (var update in new EtcdV2Datastore(keys, TimeProvider.System).FollowAsync(cancellationToken))
            {
                if (update is not DatastoreUpdate.Listing { Keys.Length: var length } || length != count + 1)
                {
                    throw new InvalidOperationException($"expected a listing of {count + 1} keys, got {update}");
                }

                break;
            }

            var listedTime = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var madeTime = await SyncAsync(keys, count, cancellationToken);

            // The first round warms up.
            if (round > 0)
            {
                raw.Add(rawTime);
                listed.Add(listedTime);
                made.Add(madeTime);
            }
        }

        Print($"raw recursive read of {bytes / 1e6:0.0} MB to nowhere", $"median {Percentile(raw, 50):0} ms of {Rounds} ({raw.Min():0}-{raw.Max():0})");
        Print($"listing of {count + 1} keys by the datastore", $"median {Percentile(listed, 50):0} ms of {Rounds} ({listed.Min():0}-{listed.Max():0})");
        Print("ratio of the medians", $"{Percentile(listed, 50) / Percentile(raw, 50):0.00}");
        Print("first sync: feed started until its snapshot is published",
            $"median {Percentile(made, 50):0} ms of {Rounds} ({made.Min():0}-{made.Max():0}), ratio {Percentile(made, 50) / Percentile(raw, 50):0.00}");
    }

    /// <summary>As the console starts: every value decoded and indexed, and the snapshot there for its readers.</summary>
    private static async Task<double> SyncAsync(EtcdKeysClient keys, int count, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var state = new ClusterState(TimeProvider.System, NullLogger<ClusterState>.Instance);
        var published = state.WaitForAsync(s => s.Calico.WorkloadEndpoints.Count == count, TimeSpan.FromMinutes(2), cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var feed = Task.WhenAll(state.RunAsync(ending.Token), new DatastoreFeed(new EtcdV2Datastore(keys, TimeProvider.System), state).RunAsync(ending.Token));
        _ = await published ?? throw new InvalidOperationException("the snapshot lacks endpoints");
        var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await ending.CancelAsync();
        await feed.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return time;
    }

    private static double Percentile(List<double> values, int percent) => values.Order().ElementAt(Math.Min(values.Count - 1, values.Count * percent / 100));

    private static void Print(string what, string figure) => Console.WriteLine(what.PadRight(70) + figure);
}
