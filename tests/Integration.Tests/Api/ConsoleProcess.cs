using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>A console of its own with its API, which is ready once it was started.</summary>
public sealed class ConsoleProcess : IAsyncDisposable
{
    private const string Token = "token-of-the-integration-tests-0123456789";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly RunningConsole _console;

    private ConsoleProcess(RunningConsole console) => _console = console;

    /// <summary>The API of the running process, with a token.</summary>
    public ConsoleApi Api { get; private set; } = null!;

    /// <summary>Starts it with the settings that <c>lab.sh env</c> prints, and waits until it is ready.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">A folder for its database; null makes one and removes it in the end.</param>
    public static async Task<ConsoleProcess> StartAsync(IReadOnlyDictionary<string, string> settings, string? folder = null)
    {
        var all = new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Auth__ApiToken"] = Token };
        var console = new ConsoleProcess(await RunningConsole.StartAsync(all, TestContext.Current.CancellationToken, folder));
        try
        {
            await console.ReadyAsync();
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _console.KillAsync();

    /// <summary>Starts it again on the same database, and waits until it is ready.</summary>
    public async Task RestartAsync()
    {
        await _console.StartAgainAsync(sameAddress: false, TestContext.Current.CancellationToken);
        await ReadyAsync();
    }

    /// <summary>Freezes the process (SIGSTOP) until <see cref="ThawAsync"/>: it reads nothing that is sent to it meanwhile.</summary>
    public Task FreezeAsync() => _console.SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => _console.SignalAsync("CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        Api?.Dispose();
    }

    private async Task ReadyAsync()
    {
        Api?.Dispose();
        Api = new ConsoleApi(_console.Address, Token);
        await Api.ReadyAsync(Bound);
    }
}
