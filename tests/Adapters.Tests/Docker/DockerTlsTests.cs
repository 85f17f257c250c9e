using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Docker;

[Collection(EngineTests.Name)]
public sealed class DockerTlsTests(SharedEngine shared)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tls_WithClientCertificate_AnswersAndStreams()
    {
        using var certificates = new TestCertificates();
        await using var proxy = new TlsProxy(certificates, shared.Engine.SocketPath);
        using var files = new TlsFiles(certificates, certificates);
        using var host = Hosts.At($"tcp://localhost:{proxy.Port}", files.Path);

        Assert.Equal("docker01", (await host.InfoAsync(Cancelled)).Name);
        var id = await host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("tls"), "busybox") { Command = ["sleep", "600"], Network = "none" },
            Cancelled);
        await host.StartAsync(id, Cancelled);
        var output = await host.ExecAsync(id, ["sh", "-c", "echo by tls; exit 3"], Cancelled).ToArrayAsync(Cancelled);
        Assert.Equal([new DockerExecOutput(new DockerOutputLine(false, "by tls"), null), new DockerExecOutput(null, 3)], output);
        await host.RemoveAsync(id, force: true, Cancelled);
    }

    [Fact]
    public async Task Tls_ServerOfAnotherAuthority_IsRefused()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates("other");
        await using var proxy = new TlsProxy(certificates, shared.Engine.SocketPath);
        using var files = new TlsFiles(authority: others, own: certificates);
        using var host = Hosts.At($"https://127.0.0.1:{proxy.Port}", files.Path);

        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.InfoAsync(Cancelled));

        Assert.Equal(0, failed.Status);
        Assert.Contains("certificate", failed.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Tls_OwnCertificateOfAnotherAuthority_IsRefused()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates("other");
        await using var proxy = new TlsProxy(certificates, shared.Engine.SocketPath);
        using var files = new TlsFiles(authority: certificates, own: others);
        using var host = Hosts.At($"https://127.0.0.1:{proxy.Port}", files.Path);

        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.InfoAsync(Cancelled));

        Assert.Equal(0, failed.Status);
    }

    [Fact]
    public async Task Tls_BrokenKey_NamesTheFiles()
    {
        using var certificates = new TestCertificates();
        using var files = new TlsFiles(certificates, certificates);
        await File.WriteAllTextAsync(Path.Combine(files.Path, "key.pem"), "not a key", Cancelled);
        using var host = Hosts.At("tcp://127.0.0.1:1", files.Path);

        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.NetworksAsync(Cancelled));

        Assert.Equal(0, failed.Status);
        Assert.Contains(files.Path, failed.Message, StringComparison.Ordinal);
    }

    /// <summary>The three files of the docker client.</summary>
    private sealed class TlsFiles : IDisposable
    {
        public TlsFiles(TestCertificates authority, TestCertificates own)
        {
            File.Copy(authority.CaFile, System.IO.Path.Combine(Path, "ca.pem"));
            File.Copy(own.ClientCertificateFile, System.IO.Path.Combine(Path, "cert.pem"));
            File.Copy(own.ClientKeyFile, System.IO.Path.Combine(Path, "key.pem"));
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("cct-tls-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>What dockerd's <c>--tlsverify</c> does, in front of its socket.</summary>
    private sealed class TlsProxy : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly SslServerAuthenticationOptions _options;
        private readonly X509Certificate2 _certificate;
        private readonly string _socket;
        private readonly Task _serving;

        public TlsProxy(TestCertificates certificates, string socket)
        {
            _socket = socket;
            _certificate = X509Certificate2.CreateFromPemFile(certificates.ServerCertificateFile, certificates.ServerKeyFile);
            _options = new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(certificates.CaFile) },
                },
            };
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            // Before the listener is stopped: between two connections it would be asked to accept one more, and say that it is not listening.
            await _serving;
            _listener.Stop();
            _listener.Dispose();
            _stop.Dispose();
            _certificate.Dispose();
        }

        private async Task ServeAsync()
        {
            var connections = new List<Task>();
            try
            {
                while (true)
                {
                    connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(connections);
            }
        }

        private async Task ForwardAsync(TcpClient client)
        {
            using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await using var outside = new SslStream(client.GetStream());
                await outside.AuthenticateAsServerAsync(_options, _stop.Token);
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _stop.Token);
                await using var inside = new NetworkStream(engine);
                await Task.WhenAny(outside.CopyToAsync(inside, _stop.Token), inside.CopyToAsync(outside, _stop.Token));
            }
            catch (Exception ended) when (ended is AuthenticationException or IOException or OperationCanceledException)
            {
                // A refused certificate or a closed connection: the client's side is what the tests look at.
                client.Close();
            }
            finally
            {
                client.Dispose();
            }
        }
    }
}
