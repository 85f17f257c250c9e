using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Docker;
using CalicoConsole.Sandbox.Seed;

namespace CalicoConsole.Sandbox;

/// <summary>
/// A whole cluster inside this process: etcd's v2 keys in memory, Docker hosts that exist nowhere, and NodeEmulation in their
/// calico-node. Nothing outside of the process is contacted. It begins with the seed and lives until it is reset or disposed. Thread-safe.
/// </summary>
/// <remarks>Calls to the Docker hosts wait until the seed is there: <see cref="StartAsync"/> must be called.</remarks>
public sealed class SandboxCluster : ISandboxControl, IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly InMemoryEtcdKeys _keys;
    private readonly SemaphoreSlim _resets = new(1, 1);
    private readonly bool _seeded;
    private TaskCompletionSource? _ended;
    private TaskCompletionSource<World> _world = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a cluster that has not begun yet.</summary>
    /// <param name="time">The clock of everything in it.</param>
    /// <param name="seeded">Whether it begins with the seed; otherwise with hosts that have nothing but images.</param>
    public SandboxCluster(TimeProvider time, bool seeded = true)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _seeded = seeded;
        _keys = new InMemoryEtcdKeys(time);
        EtcdCluster = new SandboxEtcdCluster(time);
        Hosts = new SandboxHosts(() => Volatile.Read(ref _world).Task);
    }

    /// <summary>The names of its Docker hosts, sorted.</summary>
    public static ImmutableArray<string> HostNames { get; } = [.. Machine.DockerHosts.Select(m => m.Name)];

    /// <summary>When the life began that is going on (UTC): at the start, or at the last reset.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>Its etcd.</summary>
    public IEtcdKeys Keys => _keys;

    /// <summary>The facts of its etcd.</summary>
    public IEtcdCluster EtcdCluster { get; }

    /// <summary>Its Docker hosts.</summary>
    public IDockerHosts Hosts { get; }

    /// <summary>Puts the seed in; to be called once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _resets.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BeginAsync(Volatile.Read(ref _world), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _resets.Release();
        }
    }

    /// <inheritdoc/>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await _resets.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var old = Volatile.Read(ref _world);
            var next = new TaskCompletionSource<World>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _world, next);
            if (!old.Task.IsFaulted)
            {
                await (await old.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }

            _keys.Wipe();
            // Without the caller's token: half a cluster would help nobody.
            await BeginAsync(next, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _resets.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Whoever disposes it second waits for the same end.
        return Interlocked.CompareExchange(ref _ended, ended, null) is { } already ? new ValueTask(already.Task) : new ValueTask(EndAsync(ended));
    }

    private async Task EndAsync(TaskCompletionSource ended)
    {
        try
        {
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            ended.SetResult();
        }
    }

    private async Task EndAsync()
    {
        if (Volatile.Read(ref _world).Task is { IsCompletedSuccessfully: true } world)
        {
            await (await world.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }

        _keys.Dispose();
        _resets.Dispose();
    }

    private async Task BeginAsync(TaskCompletionSource<World> begun, CancellationToken cancellationToken)
    {
        Began = _time.GetUtcNow();
        var world = new World(_keys, _time);
        try
        {
            await (_seeded ? SandboxSeed.FillAsync(world, cancellationToken) : SandboxSeed.LoadImages(world)).ConfigureAwait(false);
            begun.SetResult(world);
        }
        catch (Exception e)
        {
            // Whoever waits for the hosts must hear of it; the next reset begins anew.
            begun.SetException(e);
            await world.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
