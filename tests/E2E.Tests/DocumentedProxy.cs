using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>Debian's nginx or Caddy with a block of docs/install.md, word for word but for its address, its certificate and the console's address.</summary>
internal sealed partial class DocumentedProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("cc-proxy-").FullName;
    private readonly TestCertificates _certificates = new("proxy");

    private DocumentedProxy(string program, Uri console, int block)
    {
        Port = FreePort();
        _process = program switch
        {
            "nginx" => Nginx(console, block),
            "caddy" => Caddy(console, block),
            _ => throw new ArgumentOutOfRangeException(nameof(program), program, "nginx or caddy"),
        };
        _process.ErrorDataReceived += (_, e) => Errors.AppendLine(e.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens, on loopback, with a certificate for localhost that no browser knows.</summary>
    public int Port { get; }

    private System.Text.StringBuilder Errors { get; } = new();

    /// <summary>Makes a handler trust it.</summary>
    public void Trust(SocketsHttpHandler handler) => _certificates.Apply(handler);

    public static async Task<DocumentedProxy> StartAsync(string program, Uri console, int block, CancellationToken cancellationToken)
    {
        var proxy = new DocumentedProxy(program, console, block);
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
                await proxy._process.WaitForExitAsync(cancellationToken);
                throw new InvalidOperationException($"{program} ended: {proxy.Errors}");
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

    private Process Nginx(Uri console, int block)
    {
        var run = Put(Block("nginx")[block], "listen 443 ssl", $"listen 127.0.0.1:{Port} ssl");
        run = Put(run, "http://127.0.0.1:5080", $"http://{console.Authority}");
        run = Put(run, "/etc/ssl/console.pem", _certificates.ServerCertificateFile);
        run = Put(run, "/etc/ssl/console-key.pem", _certificates.ServerKeyFile);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(t => $"  {t}_temp_path {_folder}/{t};\n"));
        var user = Environment.UserName == "root" ? "user root;\n" : "";
        var configuration = Write(
            "nginx.conf", $"{user}daemon off;\npid {_folder}/nginx.pid;\nworker_processes 1;\nevents {{}}\nhttp {{\n  access_log off;\n{temporary}{run}\n}}\n");
        return Start("nginx", "-e", "stderr", "-p", _folder, "-c", configuration);
    }

    // Its certificates come from an authority on the internet: here they are given, and the part of the document that needs one is left to it.
    private Process Caddy(Uri console, int block)
    {
        var host = new[] { "console.example.net", "tools.example.net" }[block];
        var certificate = $"    tls {_certificates.ServerCertificateFile} {_certificates.ServerKeyFile}\n";
        var run = Put(Block("caddy")[block], host + " {\n", $"localhost:{Port} {{\n    bind 127.0.0.1\n{certificate}");
        run = Put(run, "127.0.0.1:5080", console.Authority);
        return Start("caddy", "run", "--adapter", "caddyfile", "--config",
            Write("Caddyfile", $"{{\n    admin off\n    auto_https disable_redirects\n    skip_install_trust\n}}\n{run}"));
    }

    private Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardError = true,
        Environment = { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin", ["XDG_DATA_HOME"] = _folder, ["XDG_CONFIG_HOME"] = _folder },
    })!;

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static string[] Block(string program) =>
        [.. Blocks().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "install.md"))).Where(m => m.Groups[1].Value == program)
            .Select(m => m.Groups[2].Value)];

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

    [GeneratedRegex("^```(nginx|caddy)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
