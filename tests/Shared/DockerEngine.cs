using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace CalicoConsole.Tests;

/// <summary>How a test's Docker engine starts.</summary>
internal sealed record DockerEngineSettings
{
    /// <summary>The host's name: what the engine calls itself and containers of the host network see.</summary>
    public string HostName { get; init; } = "docker01";

    /// <summary>Address of a cluster store, such as <c>etcd://192.0.2.1:2379</c>; null for none.</summary>
    public string? ClusterStore { get; init; }

    /// <summary>The log driver of containers that name none; null for the engine's own default.</summary>
    public string? LogDriver { get; init; }

    /// <summary>Whether <c>busybox:latest</c> is imported.</summary>
    public bool WithBusybox { get; init; } = true;
}

/// <summary>
/// A real dockerd in process, mount, network and host name namespaces of its own: the machine's network, firewall and
/// Docker are not touched. Namespaces and everything in them end with their first process, whose standard input this
/// test process holds: even when the tests are killed nothing is left running.
/// </summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly DockerEngineSettings _settings;
    private readonly string _home;
    private readonly string _cgroup;
    private readonly string _storageDriver;
    private Process? _holder;
    private Process? _dockerd;
    private string _inside = "";

    private DockerEngine(DockerEngineSettings settings, string storageDriver)
    {
        _settings = settings;
        _storageDriver = storageDriver;
        // Short, because a unix socket's path may have 107 bytes at most.
        _home = Directory.CreateTempSubdirectory("cct-").FullName;
        _cgroup = Path.GetFileName(_home);
    }

    /// <summary>The host's <c>/run</c>, as seen from outside: plugin sockets go to <c>docker/plugins</c> below it.</summary>
    public string RunDirectory => Path.Combine(_home, "run");

    /// <summary>The engine's socket.</summary>
    public string SocketPath => Path.Combine(RunDirectory, "docker.sock");

    /// <summary>The engine's address.</summary>
    public string Endpoint => "unix://" + SocketPath;

    /// <summary>The host's name.</summary>
    public string HostName => _settings.HostName;

    /// <summary>What dockerd logged.</summary>
    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    private string LogPath => Path.Combine(_home, "dockerd.log");

    public static async Task<DockerEngine> StartAsync(DockerEngineSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(settings, "overlay2", cancellationToken);
        }
        catch (InvalidOperationException failure) when (failure.Message.Contains("overlay", StringComparison.Ordinal))
        {
            return await StartAsync(settings, "vfs", cancellationToken);
        }
    }

    /// <summary>Starts dockerd again after <see cref="KillAsync"/>, on the same data.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        if (_dockerd is not null)
        {
            throw new InvalidOperationException("dockerd is running");
        }

        File.Delete(SocketPath);
        File.Delete(Path.Combine(RunDirectory, "docker.pid"));
        // The killed containerd is a zombie until the namespace ends, and dockerd would take it for a running one.
        var containerd = Path.Combine(RunDirectory, "docker", "containerd", "containerd.pid");
        if (File.Exists(containerd))
        {
            File.Delete(containerd);
        }

        List<string> command =
        [
            "sh", "-c", "exec \"$@\" >>\"$0\" 2>&1", LogPath,
            "dockerd", "--config-file", Path.Combine(_home, "daemon.json"), "--data-root", Path.Combine(_home, "data"),
            "--exec-root", "/run/docker", "--pidfile", "/run/docker.pid", "--host", "unix:///run/docker.sock",
            "--bridge", "none", "--iptables=false", "--ip-masq=false", "--storage-driver", _storageDriver, "--cgroup-parent", "/" + _cgroup,
        ];
        if (_settings.ClusterStore is { } store)
        {
            command.Add("--cluster-store=" + store);
        }

        if (BoundedRuntime.Write(Path.Combine(_home, "bounded-runc")) is { } wrapper)
        {
            command.AddRange(["--add-runtime", "bounded=" + wrapper, "--default-runtime", "bounded"]);
        }

        _dockerd = Process.Start(Enter([.. command])) ?? throw new InvalidOperationException("nsenter did not start");
        await UntilAsync(AnswersAsync, cancellationToken);
    }

    /// <summary>Ends dockerd and its containerd as a crash does (SIGKILL). Containers live on.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_dockerd is null)
        {
            return;
        }

        _dockerd.Kill(entireProcessTree: true);
        await _dockerd.WaitForExitAsync(cancellationToken);
        _dockerd.Dispose();
        _dockerd = null;
    }

    /// <summary>How to run a program inside the host's namespaces.</summary>
    public ProcessStartInfo Enter(params string[] command) =>
        new("nsenter", ["-t", _inside, "-n", "-m", "-u", "-p", "--", .. command]);

    /// <summary>
    /// Makes <c>busybox:latest</c> of Debian's static busybox, with a link for each of its programs and, as the real one, <c>sh</c> as its command.
    /// </summary>
    public async Task ImportBusyboxAsync(CancellationToken cancellationToken)
    {
        await using var tar = await BusyboxImage.TarAsync(cancellationToken);
        using var client = Client();
        using var content = new StreamContent(tar) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        using var answer = await client.PostAsync(new Uri("images/create?fromSrc=-&repo=busybox&tag=latest&changes=CMD%20%5B%22sh%22%5D", UriKind.Relative),
            content, cancellationToken);
        var words = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode || words.Contains("\"error\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("busybox was not imported: " + words);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_dockerd is not null)
        {
            await KillAsync(CancellationToken.None);
        }

        if (_holder is not null)
        {
            _holder.StandardInput.Close();
            await _holder.WaitForExitAsync(CancellationToken.None).WaitAsync(Bound, CancellationToken.None);
            _holder.Dispose();
        }

        await ControlGroups.RemoveAsync(_cgroup);
        Directory.Delete(_home, recursive: true);
    }

    private static async Task<DockerEngine> StartAsync(DockerEngineSettings settings, string storageDriver, CancellationToken cancellationToken)
    {
        var engine = new DockerEngine(settings, storageDriver);
        try
        {
            await engine.HoldAsync(cancellationToken);
            await engine.RestartAsync(cancellationToken);
            if (settings.WithBusybox)
            {
                await engine.ImportBusyboxAsync(cancellationToken);
            }

            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    private async Task HoldAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(RunDirectory, "docker", "plugins"));
        Directory.CreateDirectory(Path.Combine(_home, "data"));
        await File.WriteAllTextAsync(Path.Combine(_home, "daemon.json"), _settings.LogDriver is { } driver ? $"{{\"log-driver\": \"{driver}\"}}" : "{}",
            cancellationToken);
        // IPv6 is off, or the calico plugin's link-local gateway route would fail every start. The last command is the
        // namespace's first process: it ends when this process closes its input or dies.
        NeedsProgramsAttribute.Demand("dockerd");
        const string Script = """
            set -e
            mount --bind "$1/run" /run
            ip link set lo up
            hostname "$2"
            echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 || true
            echo 1 >/proc/sys/net/ipv4/ip_forward || true
            echo ready
            exec cat
            """;
        _holder = Process.Start(new ProcessStartInfo(
            "unshare",
            [
                "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
                "sh", "-c", Script, "host", _home, _settings.HostName,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("unshare did not start");
        var ready = await _holder.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Bound, cancellationToken);
        if (ready != "ready")
        {
            throw new InvalidOperationException("no namespaces: " + await _holder.StandardError.ReadToEndAsync(cancellationToken));
        }

        var pid = _holder.Id.ToString(CultureInfo.InvariantCulture);
        _inside = (await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children", cancellationToken)).Trim();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_dockerd is null or { HasExited: true })
        {
            throw new InvalidOperationException("dockerd ended: " + Log);
        }

        try
        {
            using var client = Client();
            using var answer = await client.GetAsync(new Uri("_ping", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<CancellationToken, Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Bound);
        try
        {
            while (!await condition(limit.Token))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"dockerd did not answer within {Bound}: {Log}");
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
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
        BaseAddress = new Uri("http://docker/v1.41/"),
    };
}
