using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>A part of the lab that is killed at once, by its pid, and brought back by <c>lab.sh</c>.</summary>
internal sealed class LabPart
{
    private readonly Func<Task> _kill;
    private readonly Func<Task> _start;
    private readonly Func<CancellationToken, Task<bool>> _answers;
    private readonly Func<Task<string>> _state;

    private LabPart(string name, string? feed, Func<Task> kill, Func<Task> start, Func<CancellationToken, Task<bool>> answers, Func<Task<string>> state) =>
        (Name, Feed, _kill, _start, _answers, _state) = (name, feed, kill, start, answers, state);

    private static TimeSpan StartBound { get; } = TimeSpan.FromMinutes(3);

    public string Name { get; }

    /// <summary>The feed that goes stale with it; null when none does.</summary>
    public string? Feed { get; }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _kill();

    /// <summary>Brings it back; answers how long it took from its first answer until <paramref name="live"/> came to its end.</summary>
    public async Task<TimeSpan> StartAsync(Func<Task> live)
    {
        using var ending = new CancellationTokenSource(StartBound);
        var starting = _start();
        try
        {
            while (!await _answers(ending.Token))
            {
                if (starting.IsFaulted)
                {
                    await starting;
                }

                await Task.Delay(20, ending.Token);
            }
        }
        catch (OperationCanceledException e) when (ending.IsCancellationRequested)
        {
            throw new TimeoutException($"{Name} did not answer within {StartBound.TotalMinutes} minutes of its start; {await _state()}", e);
        }

        var answered = Stopwatch.GetTimestamp();
        await live();
        var took = Stopwatch.GetElapsedTime(answered);
        await starting;
        return took;
    }

    public static LabPart Etcd(LabFixture lab) => new(
        "etcd", "etcd", () => KillAsync(int.Parse(File.ReadAllText($"/run/cc-{lab.Id}/etcd.pid"), CultureInfo.InvariantCulture)),
        async () => (await lab.LabAsync("start", "etcd")).Demand(), token => EtcdAnswersAsync(lab, token), async () =>
            (await lab.LabAsync("status")).ToString());

    public static LabPart Engine(LabFixture lab, string host) => new(
        host, $"docker/{host}", () => EnginePid(lab, host) is { } pid ? KillAsync(pid) : Task.CompletedTask, async () =>
            (await lab.LabAsync("start", host)).Demand(), token => EngineAnswersAsync(lab, host, token), async () => (await lab.LabAsync("status")).ToString());

    /// <summary>calico-node's process ends; Docker's restart policy brings it back by itself.</summary>
    public static LabPart Node(LabFixture lab, string host) => new(
        $"{host}/calico-node", null,
        async () =>
        {
            var asked = await lab.DockerOn(host, "inspect", "-f", "{{.State.Pid}}", "calico-node");
            // Between two attempts of Docker to start it there is none.
            if (asked.ExitCode == 0 && asked.Output.Trim() is var pid and not "0")
            {
                await lab.RunOn(host, "kill", "-KILL", pid);
            }
        },
        () => Task.CompletedTask,
        async _ =>
        {
            if (HasEnded(lab, host))
            {
                (await lab.LabAsync("start", host)).Demand();
            }

            var status = (await lab.DockerOn(host, "inspect", "-f", "{{.State.Status}}", "calico-node")).Output.Trim();
            if (status is "exited" or "dead")
            {
                // An engine that was killed while its restart policy was at work may give up, and containerd may keep the task for good ("already
                // exists"): then somebody starts it by hand, or deploys it anew.
                if ((await lab.DockerOn(host, "start", "calico-node")).ExitCode != 0)
                {
                    await lab.DeployNodeOnAsync(host, "NO_DEFAULT_POOLS=true");
                }
            }

            return status == "running";
        },
        async () => (await lab.DockerOn(host, "inspect", "-f", "{{json .State}} restarts {{.RestartCount}}", "calico-node")).ToString());

    private static async Task KillAsync(int pid)
    {
        using (var process = Process.GetProcessById(pid))
        {
            process.Kill();
        }

        // Not a child of this process: its end shows in /proc alone.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Lives(pid))
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private static bool Lives(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether no dockerd runs on a host.</summary>
    public static bool HasEnded(LabFixture lab, string host) => EnginePid(lab, host) is null;

    /// <summary>dockerd lives in its host's pid namespace: the machine knows it by another pid than its own pid file.</summary>
    private static int? EnginePid(LabFixture lab, string host)
    {
        var first = File.ReadAllText($"/run/cc-{lab.Id}/{host}.pid").Trim();
        var space = Link(first);
        foreach (var process in Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => n!.All(char.IsAsciiDigit)))
        {
            try
            {
                if (File.ReadAllText($"/proc/{process}/comm").Trim() == "dockerd" && Link(process!) == space
                    && int.Parse(process!, CultureInfo.InvariantCulture) is var pid && Lives(pid))
                {
                    return pid;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }

        return null;
    }

    private static string? Link(string pid) => new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;

    private static async Task<bool> EtcdAnswersAsync(LabFixture lab, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = lab.Etcd, Timeout = TimeSpan.FromSeconds(1) };
        try
        {
            return (await client.GetStringAsync(new Uri("/health", UriKind.Relative), cancellationToken)).Contains("true", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> EngineAnswersAsync(LabFixture lab, string host, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint($"/run/cc-{lab.Id}/{host}/run/docker.sock"), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        {
            BaseAddress = new Uri("http://docker/"),
            Timeout = TimeSpan.FromSeconds(1),
        };
        try
        {
            return (await client.GetStringAsync(new Uri("_ping", UriKind.Relative), cancellationToken)) == "OK";
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
