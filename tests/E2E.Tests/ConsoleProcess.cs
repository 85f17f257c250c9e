using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The built console as a process of its own, on a free port of loopback; disposing ends it.</summary>
internal sealed partial class ConsoleProcess : IAsyncDisposable
{
    private readonly ProcessStartInfo _start;
    private readonly string _folder;
    private readonly List<string> _lines = [];
    private Process _process = null!;
    private TaskCompletionSource<string> _address = null!;

    private ConsoleProcess(IReadOnlyDictionary<string, string> settings)
    {
        _folder = Directory.CreateTempSubdirectory("cc-e2e-").FullName;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var web = Path.Combine(CalicoConsole.Tests.Repository.Root, "src", "Web");
        _start = new ProcessStartInfo("dotnet", [Path.Combine(web, "bin", configuration, "net10.0", "CalicoConsole.Web.dll")])
        {
            WorkingDirectory = web,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        _start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        _start.Environment["ConnectionStrings__Console"] = $"Data Source={Path.Combine(_folder, "console.db")}";
        foreach (var (name, value) in settings)
        {
            _start.Environment[name] = value;
        }
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The administrator's password, as printed at the first start.</summary>
    public string Password => PasswordLine().Match(Output).Groups[1].Value;

    /// <summary>Memory that the process holds, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Everything it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static async Task<ConsoleProcess> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var console = new ConsoleProcess(settings);
        await console.LaunchAsync(cancellationToken);
        return console;
    }

    /// <summary>Ends it as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, at the same address and over the same database.</summary>
    public Task StartAgainAsync(CancellationToken cancellationToken)
    {
        _start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        return LaunchAsync(cancellationToken);
    }

    /// <summary>Sends a signal, such as STOP, which freezes it with its connections open.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var address = _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = _start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("The console ended: " + Output));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = new Uri(await address.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken));
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        if (StartLine().Match(line) is { Success: true } found)
        {
            _address.TrySetResult(found.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"^Calico Console \(.*\): (http\S+)")]
    private static partial Regex StartLine();

    [GeneratedRegex(@"sign in as admin with the password (\S+)")]
    private static partial Regex PasswordLine();
}
