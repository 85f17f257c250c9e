using System.Diagnostics;
using System.Text.RegularExpressions;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>
/// The built console as a process of its own against the lab, on a free port of loopback, with a database that outlives the process:
/// it can be killed without a chance to tidy up, and started again on what it left.
/// </summary>
public sealed partial class ConsoleProcess : IAsyncDisposable
{
    private const string Token = "token-of-the-integration-tests-0123456789";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly string _folder;
    private readonly bool _ownFolder;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private Process? _process;

    private ConsoleProcess(IReadOnlyDictionary<string, string> settings, string? folder)
    {
        _settings = settings;
        _ownFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("cc-api-").FullName;
    }

    /// <summary>The API of the running process, with a token.</summary>
    public ConsoleApi Api { get; private set; } = null!;

    /// <summary>Everything that the processes wrote.</summary>
    public ConsoleOutput Output { get; } = new();

    /// <summary>Starts it with the settings that <c>lab.sh env</c> prints, and waits until it is ready.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">A folder for its database; null makes one and removes it in the end.</param>
    public static async Task<ConsoleProcess> StartAsync(IReadOnlyDictionary<string, string> settings, string? folder = null)
    {
        var console = new ConsoleProcess(settings, folder);
        try
        {
            await console.StartAsync();
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts it again on the same database, and waits until it is ready.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await StartAsync();
    }

    /// <summary>Freezes the process (SIGSTOP) until <see cref="ThawAsync"/>: it reads nothing that is sent to it meanwhile.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_ownFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StartAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var web = Path.Combine(Repository.Root, "src", "Web");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(web, "bin", configuration, "net10.0", "CalicoConsole.Web.dll")])
        {
            WorkingDirectory = web,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__Console"] = $"Data Source={Path.Combine(_folder, "console.db")}";
        start.Environment["Auth__ApiToken"] = Token;

        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Take(e.Data, address);
        process.ErrorDataReceived += (_, e) => Take(e.Data, address);
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException($"the console ended: {Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Api = new ConsoleApi(await address.Task.WaitAsync(Bound, TestContext.Current.CancellationToken), Token);
        await Api.ReadyAsync(Bound);
    }

    private async Task EndAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
        Api?.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    private void Take(string? line, TaskCompletionSource<Uri> address)
    {
        if (line is not null)
        {
            Output.Add(line);
            if (StartLine().Match(line) is { Success: true } found)
            {
                address.TrySetResult(new Uri(found.Groups[1].Value));
            }
        }
    }

    [GeneratedRegex(@"^Calico Console \(.*\): (http\S+)")]
    private static partial Regex StartLine();
}

/// <summary>What a process wrote. Safe for concurrent use.</summary>
public sealed class ConsoleOutput
{
    private readonly List<string> _lines = [];

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
