using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>Debian's nginx with a block of docs/install.md, word for word but for its port, its certificate and the console's address.</summary>
internal sealed partial class NginxProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly TestCertificates _certificates = new("proxy");

    private NginxProxy(Uri console, int block)
    {
        _folder = Directory.CreateTempSubdirectory("cc-nginx-").FullName;
        Port = FreePort();
        var documented = Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "install.md")))[block].Groups[1].Value;
        var run = Put(documented, "listen 443 ssl", $"listen 127.0.0.1:{Port} ssl");
        run = Put(run, "http://127.0.0.1:5080", $"http://{console.Authority}");
        run = Put(run, "/etc/ssl/console.pem", _certificates.ServerCertificateFile);
        run = Put(run, "/etc/ssl/console-key.pem", _certificates.ServerKeyFile);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(t => $"  {t}_temp_path {_folder}/{t};\n"));
        var user = Environment.UserName == "root" ? "user root;\n" : "";
        var configuration = Path.Combine(_folder, "nginx.conf");
        File.WriteAllText(configuration, $"{user}daemon off;\npid {_folder}/nginx.pid;\nworker_processes 1;\nevents {{}}\nhttp {{\n  access_log off;\n{temporary}{run}\n}}\n");
        _process = Process.Start(new ProcessStartInfo("nginx", ["-e", "stderr", "-p", _folder, "-c", configuration]) { RedirectStandardError = true, Environment = { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin" } })!;
    }

    /// <summary>Makes a handler trust it.</summary>
    public void Trust(SocketsHttpHandler handler) => _certificates.Apply(handler);

    /// <summary>Where it listens, on loopback, with a certificate for localhost that no browser knows.</summary>
    public int Port { get; }

    public static async Task<NginxProxy> StartAsync(Uri console, int block, CancellationToken cancellationToken)
    {
        var proxy = new NginxProxy(console, block);
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, proxy.Port, cancellationToken);
                return proxy;
            }
            catch (SocketException) when (!proxy._process.HasExited)
            {
                await Task.Yield();
            }
            catch (SocketException)
            {
                throw new InvalidOperationException("nginx ended: " + await proxy._process.StandardError.ReadToEndAsync(cancellationToken));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Put(string text, string documented, string here)
    {
        Assert.Contains(documented, text, StringComparison.Ordinal);
        return text.Replace(documented, here, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
