using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using CalicoConsole.E2E.Tests;
using CalicoConsole.Tests;

namespace CalicoConsole.Benchmarks;

/// <summary>Lists of the API, whole and by pages: the built console (of the same configuration as this program) over a real etcd, asked over HTTP.</summary>
internal static class ApiBenchmark
{
    private const int Rounds = 30;
    private const string Token = "token-of-the-benchmark-0123456789-ab";

    public static async Task RunAsync(int endpoints, CancellationToken cancellationToken)
    {
        await using var etcd = await EtcdServer.StartAsync(cancellationToken: cancellationToken);
        await SeededCluster.FillAsync(etcd, cancellationToken);
        await SeededCluster.EndpointsAsync(etcd, endpoints, cancellationToken);
        await using var console = await RunningConsole.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ETCD_ENDPOINTS"] = etcd.Endpoint, ["Auth__ApiToken"] = Token }, cancellationToken);
        using var http = new HttpClient { BaseAddress = console.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        while (!(await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken)).IsSuccessStatusCode)
        {
            await Task.Delay(20, cancellationToken);
        }

        // Far into the list, by the whole of it.
        string? cursor = "";
        for (var passed = 0; passed < endpoints / 2; passed += 1000)
        {
            cursor = Next(await http.GetByteArrayAsync(Address($"endpoints?limit=1000&cursor={cursor}"), cancellationToken));
        }

        await PrintAsync(http, "whole list", "endpoints", 3, cancellationToken);
        foreach (var limit in (int[])[1, 100, 1000])
        {
            await PrintAsync(http, $"first page, {limit}", $"endpoints?limit={limit}", Rounds, cancellationToken);
        }

        await PrintAsync(http, "page of 100 from the middle", $"endpoints?limit=100&cursor={cursor}", Rounds, cancellationToken);
        await PrintAsync(http, "first page, 100 of one node", "endpoints?limit=100&node=node042", Rounds, cancellationToken);
        await PrintAsync(http, "first page, 100 by a selector", "endpoints?limit=100&selector=team%20%3D%3D%20%22blue%22", Rounds, cancellationToken);
    }

    private static Uri Address(string path) => new($"/api/v1/{path}", UriKind.Relative);

    private static string? Next(byte[] page)
    {
        using var document = JsonDocument.Parse(page);
        return document.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
    }

    private static async Task PrintAsync(HttpClient http, string what, string path, int rounds, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var bytes = 0;
        // The first rounds are the compiler's.
        for (var round = -3; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            bytes = (await http.GetByteArrayAsync(Address(path), cancellationToken)).Length;
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        times.Sort();
        Console.WriteLine($"{what,-34}median {times[times.Count / 2],8:0.0} ms, best {times[0],8:0.0} ms, {bytes / 1024.0,9:0.0} KiB");
    }
}
