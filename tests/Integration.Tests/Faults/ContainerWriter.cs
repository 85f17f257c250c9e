using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>Creates and removes containers on one host by the console, some of them on a Calico network. Each name is used once.</summary>
internal sealed class ContainerWriter(ConsoleProcess console, string host)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>What the API answered, by operation.</summary>
    public ConcurrentDictionary<Guid, (string Outcome, bool EndUnknown)> Answered { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var name = $"{host}-{i}";
            await ChangeAsync(HttpMethod.Post, "containers", new
            {
                host,
                name,
                image = "busybox",
                command = (string[])["sh", "-c", "trap exit TERM; while :; do sleep 1 & wait; done"],
                network = i % 4 == 3 ? "my_net" : "none",
            });
            await Task.Delay(Pause, CancellationToken.None);
            // Every fifth stays until the end.
            if (i % 5 != 0)
            {
                await ChangeAsync(HttpMethod.Delete, $"containers/{name}", null);
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task ChangeAsync(HttpMethod method, string path, object? body)
    {
        try
        {
            var answer = await console.Api.SendAsync(method, path, body);
            if (answer.Status != HttpStatusCode.NotFound && answer.Body.ValueKind == JsonValueKind.Object
                && answer.Body.TryGetProperty("operationId", out var id) && id.ValueKind == JsonValueKind.String)
            {
                Answered[id.GetGuid()] = (answer.Body.GetProperty("outcome").GetString()!,
                    answer.Body.TryGetProperty("title", out var title) && title.GetString()!.Contains("not known", StringComparison.Ordinal));
            }
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException
            or IOException)
        {
            // The console was killed.
        }
    }
}
