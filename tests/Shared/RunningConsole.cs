using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CalicoConsole.Tests;

/// <summary>
/// The built console as a process of its own, on a free port of loopback, with a database that outlives the process:
/// it can be killed without a chance to tidy up, and started again on what it left. Disposing ends it.
/// </summary>
public sealed partial class RunningConsole : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _folder;
    private readonly string? _published;
    private readonly bool _ownFolder;
    private readonly List<string> _lines = [];
    private Process? _process;

    private RunningConsole(IReadOnlyDictionary<string, string> settings, string? folder, string? published)
    {
        (_settings, _published) = (settings, published);
        _ownFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("cc-console-").FullName;
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
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Everything that its processes wrote.</summary>
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

    private event Action? Written;

    /// <summary>Waits until its processes have written a text: what a request leads to is logged beside its answer, and read from a pipe.</summary>
    /// <exception cref="InvalidOperationException">It was not written in time; with the end of what was.</exception>
    public async Task SaysAsync(string text, CancellationToken cancellationToken)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Output.Contains(text, StringComparison.Ordinal))
            {
                said.TrySetResult();
            }
        }

        Written += Look;
        try
        {
            Look();
            await said.Task.WaitAsync(Bound, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The console did not say '{text}': {Shown.EndOf(Output)}", e);
        }
        finally
        {
            Written -= Look;
        }
    }

    /// <summary>Starts it, and waits until it says where it listens.</summary>
    /// <param name="settings">Its settings, as environment variables.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="folder">A folder for its database; null makes one and removes it in the end.</param>
    /// <param name="published">The folder of a published console; null for the one that was built with this program.</param>
    public static async Task<RunningConsole> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken,
        string? folder = null, string? published = null)
    {
        var console = new RunningConsole(settings, folder, published);
        try
        {
            await console.LaunchAsync("http://127.0.0.1:0", cancellationToken);
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts it again over the same database.</summary>
    /// <param name="sameAddress">Where it listened before; otherwise at another free port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAgainAsync(bool sameAddress, CancellationToken cancellationToken)
    {
        await EndAsync();
        await LaunchAsync(sameAddress ? Address.ToString() : "http://127.0.0.1:0", cancellationToken);
    }

    /// <summary>Sends a signal, such as STOP, which freezes it with its connections open.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"kill -{signal} ended with {kill.ExitCode}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_ownFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task EndAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
    }

    private async Task LaunchAsync(string listen, CancellationToken cancellationToken)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var web = _published ?? Path.Combine(Repository.Root, "src", "Web");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_published ?? Path.Combine(web, "bin", configuration, "net10.0"), "CalicoConsole.Web.dll")])
        {
            WorkingDirectory = web,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = listen;
        start.Environment["ConnectionStrings__Console"] = $"Data Source={Path.Combine(_folder, "console.db")}";
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data, address);
        _process.ErrorDataReceived += (_, e) => Take(e.Data, address);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = new Uri(await AddressOrEndAsync(_process, address.Task).WaitAsync(Bound, cancellationToken));
    }

    // The process has ended before all that it wrote is read: WaitForExitAsync waits for both.
    private async Task<string> AddressOrEndAsync(Process process, Task<string> address)
    {
        using var listening = new CancellationTokenSource();
        var ended = await Task.WhenAny(address, process.WaitForExitAsync(listening.Token)) != address && !address.IsCompleted;
        await listening.CancelAsync();
        if (ended)
        {
            throw new InvalidOperationException($"The console ended: {Shown.EndOf(Output)}");
        }

        return await address;
    }

    private void Take(string? line, TaskCompletionSource<string> address)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        Written?.Invoke();

        if (StartLine().Match(line) is { Success: true } found)
        {
            address.TrySetResult(found.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"^Calico Console \(.*\): (http\S+)")]
    private static partial Regex StartLine();

    [GeneratedRegex(@"sign in as admin with the password (\S+)")]
    private static partial Regex PasswordLine();
}
