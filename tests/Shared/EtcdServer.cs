using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CalicoConsole.Tests;

/// <summary>What an <see cref="EtcdServer"/> is started with.</summary>
internal sealed record EtcdServerSettings
{
    /// <summary>Whether the v2 keys API is served.</summary>
    public bool EnableV2 { get; init; } = true;

    /// <summary>Serves TLS with these certificates.</summary>
    public TestCertificates? Certificates { get; init; }

    /// <summary>With <see cref="Certificates"/>: whether a client must show a certificate.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>The member's name.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Members of a cluster as <c>name=peerUrl,…</c>; null for a cluster of one.</summary>
    public string? InitialCluster { get; init; }

    /// <summary>The peer port; null picks a free one.</summary>
    public int? PeerPort { get; init; }

    /// <summary>Quota of the v3 database in bytes; null for etcd's own.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>Part of what the cluster id is made from.</summary>
    public string Token { get; init; } = "test";
}

/// <summary>
/// A real etcd 3.4 of its own on loopback, with its own temporary data directory. Stop, kill, start again and wipe it at will;
/// disposing ends the process and removes the directory.
/// </summary>
internal sealed class EtcdServer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private readonly EtcdServerSettings _settings;
    private readonly string _directory;
    private readonly int _peerPort;
    private readonly ConcurrentQueue<string> _log = new();
    private int _generation;
    private Process? _process;

    private EtcdServer(EtcdServerSettings settings)
    {
        _settings = settings;
        _directory = Directory.CreateTempSubdirectory("cc-etcd-").FullName;
        _peerPort = settings.PeerPort ?? FreePort();
        Port = FreePort();
    }

    /// <summary>The client port on 127.0.0.1. It stays the same for the life of this object.</summary>
    public int Port { get; }

    /// <summary>The client address, such as <c>http://127.0.0.1:23456</c>.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{(_settings.Certificates is null ? "http" : "https")}://127.0.0.1:{Port}");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The last lines that etcd wrote.</summary>
    public string Log => string.Join('\n', _log);

    public static async Task<EtcdServer> StartAsync(EtcdServerSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var server = new EtcdServer(settings ?? new EtcdServerSettings());
        try
        {
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts members of one cluster; each is disposed on its own.</summary>
    public static async Task<EtcdServer[]> StartClusterAsync(int members, CancellationToken cancellationToken)
    {
        var ports = Enumerable.Range(0, members).Select(_ => FreePort()).ToArray();
        var cluster = string.Join(',', ports.Select((port, i) => string.Create(CultureInfo.InvariantCulture, $"m{i}=http://127.0.0.1:{port}")));
        var servers = ports.Select((port, i) => new EtcdServer(new EtcdServerSettings { Name = $"m{i}", PeerPort = port, InitialCluster = cluster })).ToArray();
        try
        {
            await Task.WhenAll(servers.Select(s => s.StartAgainAsync(cancellationToken)));
            return servers;
        }
        catch
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Starts the stopped or killed server on the data it left, and waits until it is healthy.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("etcd runs already");
        }

        _process?.Dispose();
        _process = Process.Start(StartInfo()) ?? throw new InvalidOperationException("etcd did not start");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitHealthyAsync(cancellationToken);
    }

    /// <summary>Ends the server in an orderly way (SIGTERM).</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false } process)
        {
            await SignalAsync("TERM", process.Id, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }
    }

    /// <summary>Ends the server at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Freezes the server (SIGSTOP): connections stay open, nothing is answered.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => SignalAsync("STOP", _process!.Id, cancellationToken);

    /// <summary>Goes on after <see cref="FreezeAsync"/>.</summary>
    public Task ThawAsync(CancellationToken cancellationToken) => SignalAsync("CONT", _process!.Id, cancellationToken);

    /// <summary>Empties the data directory of the stopped server. By default the next start is another cluster (its id differs).</summary>
    public void Wipe(bool sameClusterId = false)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("stop etcd before wiping its data");
        }

        Directory.Delete(DataDirectory, recursive: true);
        _generation += sameClusterId ? 0 : 1;
    }

    /// <summary>
    /// Turns v2 authentication on: <c>root</c> with the given password, guests lose every right, and a user who may read and
    /// write keys that match <paramref name="keys"/> (such as <c>/calico/*</c>).
    /// </summary>
    public async Task EnableAuthAsync(string rootPassword, string user, string password, string keys, CancellationToken cancellationToken)
    {
        using var client = NewClient();
        await EtcdTestAuth.EnableAsync(client, Endpoint, rootPassword, user, password, keys, cancellationToken);
    }

    /// <summary>
    /// Writes to the v3 database until its quota is reached and the alarm NOSPACE is raised. Needs a small <see cref="EtcdServerSettings.QuotaBytes"/>.
    /// </summary>
    public async Task RaiseNoSpaceAsync(CancellationToken cancellationToken)
    {
        using var client = NewClient();
        var value = Convert.ToBase64String(RandomNumberGenerator.GetBytes(500_000));
        for (var i = 0; i < 100; i++)
        {
            var key = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"fill/{i}")));
            using var body = new StringContent($$"""{"key":"{{key}}","value":"{{value}}"}""");
            using var answer = await client.PostAsync(new Uri($"{Endpoint}/v3/kv/put"), body, cancellationToken);
            var words = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (words.Contains("database space exceeded", StringComparison.Ordinal))
            {
                return;
            }

            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"filling etcd: {words}");
            }
        }

        throw new InvalidOperationException("the quota was not reached: is it small enough?");
    }

    /// <summary>Empties the v3 database and disarms the alarm NOSPACE, as an administrator does: delete, compact, defragment, disarm.</summary>
    public async Task ClearNoSpaceAsync(CancellationToken cancellationToken)
    {
        await V3Async("del", "fill/", "--prefix");
        var revision = await V3Async("get", "nothing", "--write-out", "fields");
        await V3Async("compact", revision.Split('\n').First(l => l.Contains("\"Revision\"", StringComparison.Ordinal)).Split(':')[1].Trim());
        await V3Async("defrag");
        await V3Async("alarm", "disarm");

        async Task<string> V3Async(params string[] arguments)
        {
            var start = new ProcessStartInfo("etcdctl", ["--endpoints", Endpoint, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            start.Environment["ETCDCTL_API"] = "3";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"etcdctl {string.Join(' ', arguments)}: {error}");
        }
    }

    /// <summary>A plain client that trusts this server's CA and shows the client certificate.</summary>
    public HttpClient NewClient()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) };
        _settings.Certificates?.Apply(handler);
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>
    /// A free loopback port below the range from which the kernel takes ports for outgoing connections, so that it can be used again after a kill.
    /// </summary>
    public static int FreePort()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(15000, 32000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken by somebody else: the next draw.
            }
        }

        throw new InvalidOperationException("no free loopback port found");
    }

    private string DataDirectory => Path.Combine(_directory, "data");

    private ProcessStartInfo StartInfo()
    {
        NeedsProgramsAttribute.Demand("etcd");
        var peer = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_peerPort}");
        var info = new ProcessStartInfo("/usr/bin/etcd") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory };
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("ETCD_", StringComparison.Ordinal)).ToArray())
        {
            info.Environment.Remove(name);
        }

        string[] arguments =
        [
            "--name", _settings.Name, "--data-dir", DataDirectory, "--logger", "zap", "--log-level", "warn",
            "--listen-client-urls", Endpoint, "--advertise-client-urls", Endpoint,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", _settings.InitialCluster ?? $"{_settings.Name}={peer}",
            "--initial-cluster-token", string.Create(CultureInfo.InvariantCulture, $"{_settings.Token}-{_generation}"),
            .. _settings.EnableV2 ? new[] { "--enable-v2" } : [],
            .. _settings.InitialCluster is null ? new[] { "--heartbeat-interval", "20", "--election-timeout", "200" } : [],
            .. _settings.Certificates is { } tls ? new[] { "--cert-file", tls.ServerCertificateFile, "--key-file", tls.ServerKeyFile, "--trusted-ca-file",
                tls.CaFile } : [],
            .. _settings.QuotaBytes is { } quota ? new[] { "--quota-backend-bytes", quota.ToString(CultureInfo.InvariantCulture) } : [],
            .. _settings.RequireClientCertificate ? new[] { "--client-cert-auth" } : [],
        ];
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }

    private async Task WaitHealthyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartBound);
        using var client = NewClient();
        while (true)
        {
            if (!IsRunning)
            {
                throw new InvalidOperationException($"etcd ended while starting:\n{Log}");
            }

            try
            {
                var health = await client.GetStringAsync(new Uri($"{Endpoint}/health"), limit.Token);
                if (health.Contains("true", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                // Not listening yet, or no leader yet.
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new InvalidOperationException($"etcd was not healthy within {StartBound.TotalSeconds} s:\n{Log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private static async Task SignalAsync(string signal, int pid, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
            while (_log.Count > 100 && _log.TryDequeue(out _))
            {
                // Only the end matters.
            }
        }
    }
}
