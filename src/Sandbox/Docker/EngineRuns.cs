using System.Globalization;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Network;
using CalicoConsole.Sandbox.Programs;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>
/// Starts and ends the containers of one engine, with the events of Docker 20.10 in their order. One change at a time, as far as it
/// touches networks; a program that runs holds up nobody. Thread-safe.
/// </summary>
/// <remarks>A simulated program obeys SIGTERM at once, so a stop never waits for its grace; with no grace it is killed.</remarks>
internal sealed class EngineRuns(Machine machine, EngineContainers containers, EngineWiring wiring, EngineEvents events, ProgramChooser programs,
    TimeProvider time) : IAsyncDisposable
{
    private const long Terminated = 143;
    private const long Killed = 137;
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly CancellationTokenSource _end = new();

    /// <summary>What can be done to a container by name.</summary>
    public Task ActAsync(string id, string call, TimeSpan? grace, CancellationToken cancellationToken) => call switch
    {
        "start" => StartAsync(id, cancellationToken),
        "stop" => StopAsync(id, grace ?? DefaultGrace, cancellationToken),
        "restart" => RestartAsync(id, grace ?? DefaultGrace, cancellationToken),
        "pause" => FreezeAsync(id, "running", "paused", call, cancellationToken),
        "unpause" => FreezeAsync(id, "paused", "running", call, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "no call of this engine"),
    };

    /// <summary>Starts a container; one that runs already is left alone.</summary>
    private Task StartAsync(string id, CancellationToken cancellationToken) => ChangeAsync(async token =>
    {
        var container = containers.Get(id);
        if (containers.Read(() => container.State) == "paused")
        {
            throw machine.Refuse(409, "cannot start a paused container, try unpause instead");
        }

        if (containers.Read(() => container.State) is not ("running" or "restarting"))
        {
            await StartAsync(container, FirstPause, token).ConfigureAwait(false);
        }
    }, cancellationToken);

    /// <summary>Lets a container's processes stand still, or go on: on the network it stays as it is.</summary>
    private Task FreezeAsync(string id, string from, string to, string call, CancellationToken cancellationToken) => ChangeAsync(_ =>
    {
        var container = containers.Get(id);
        var now = containers.Read(() => container.State);
        if (now != from)
        {
            throw machine.Refuse(409, now == to && call == "pause" ? $"Container {container.Id} is already paused"
                : call == "pause" ? $"Container {container.Id} is not running" : $"Container {container.Id} is not paused");
        }

        containers.Change(() => container.State = to);
        events.Tell(container, call);
        return Task.CompletedTask;
    }, cancellationToken);

    /// <summary>Stops a container; one that does not run is left alone.</summary>
    private Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken) => ChangeAsync(async token =>
    {
        var container = containers.Get(id);
        if (containers.Read(() => container.State) is "running" or "paused" or "restarting")
        {
            await StopAsync(container, grace, token).ConfigureAwait(false);
        }
    }, cancellationToken);

    /// <summary>Stops a container if it runs, and starts it.</summary>
    private Task RestartAsync(string id, TimeSpan grace, CancellationToken cancellationToken) => ChangeAsync(async token =>
    {
        var container = containers.Get(id);
        if (containers.Read(() => container.State) is "running" or "paused" or "restarting")
        {
            await StopAsync(container, grace, token).ConfigureAwait(false);
        }

        await StartAsync(container, FirstPause, token).ConfigureAwait(false);
        events.Tell(container, "restart");
    }, cancellationToken);

    /// <summary>Removes a container.</summary>
    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) => ChangeAsync(async token =>
    {
        var container = containers.Get(id);
        var state = containers.Read(() => container.State);
        if (state is "running" or "paused" or "restarting")
        {
            if (!force)
            {
                throw machine.Refuse(409, state == "paused"
                    ? $"You cannot remove a paused container {container.Id}. "
                        + "Unpause and then stop the container before attempting removal or force remove"
                    : $"You cannot remove a running container {container.Id}. "
                        + "Stop the container before attempting removal or force remove");
            }

            Signal(container, 9);
            await EndRunAsync(container, Killed, token).ConfigureAwait(false);
        }

        if (containers.Find(container.Id) is not null)
        {
            containers.Forget(container);
        }
    }, cancellationToken);

    /// <summary>Waits until a container does not run and answers its exit code.</summary>
    public async Task<long> WaitAsync(string id, CancellationToken cancellationToken)
    {
        var container = containers.Get(id);
        var ended = containers.Read(() => container.State is "running" or "paused" or "restarting"
            ? container.Ended.Task : Task.FromResult(container.ExitCode));
        return await ended.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        foreach (var container in containers.All())
        {
            // Nothing is disposed here: a change under way may be ending the same run.
            if (containers.Read(() => container.Run) is { } run)
            {
                run.Cancel();
                await run.Program.ConfigureAwait(false);
            }

            container.Log.Close();
        }
    }

    /// <summary>Makes a change alone: no start, stop or removal goes on beside it.</summary>
    public async Task ChangeAsync(Func<CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        try
        {
            await _changes.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                // Once begun, a change goes on to its end, whether or not its caller still listens: so does an engine.
                await change(_end.Token).ConfigureAwait(false);
            }
            finally
            {
                _changes.Release();
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            throw machine.Gone("change a container");
        }
    }

    private async Task StartAsync(Container container, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (NetworkHelperProgram.Target(container.Request.Network) is { } shared
            && containers.Get(shared) is var other && containers.Read(() => other.State) is not ("running" or "paused"))
        {
            throw machine.Refuse(409, $"cannot join network of a non running container: {other.Id}");
        }

        var connected = ImmutableArray.CreateBuilder<Attachment>();
        try
        {
            foreach (var place in container.Attachments)
            {
                connected.Add(await wiring.ConnectAsync(container, place, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (DockerHostException e)
        {
            foreach (var place in connected)
            {
                _ = await wiring.DisconnectAsync(container, place, cancellationToken).ConfigureAwait(false);
            }

            // The engine's mark for a start that failed. The container stays as it was.
            containers.Change(() => (container.ExitCode, container.Error) = (128, e.Message));
            throw;
        }

        var run = new ContainerRun();
        containers.Change(() =>
        {
            if (container.Ended.Task.IsCompleted)
            {
                container.Ended = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            container.Attachments = connected.ToImmutable();
            container.Run = run;
            container.State = "running";
            container.Error = "";
            container.Started = time.GetUtcNow();
        });
        container.Log.Open();
        run.Behaviour = programs.Choose(container);
        run.Behaviour.Prepare();
        run.Program = Task.Run(() => RunAsync(container, run), CancellationToken.None);
        _ = SuperviseAsync(container, run, pause);
        events.Tell(container, "start");
    }

    private static async Task<long> RunAsync(Container container, ContainerRun run)
    {
        try
        {
            return await run.Behaviour!.RunAsync(container.Log, run.Stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            return Terminated;
        }
        catch (Exception e) when (e is EtcdException or FormatException)
        {
            // A setting that it cannot use, or keys that it cannot have: a real program would end over it too.
            container.Log.Write(e.Message, isError: true);
            return 1;
        }
    }

    private async Task StopAsync(Container container, TimeSpan grace, CancellationToken cancellationToken)
    {
        Signal(container, 15);
        if (grace <= TimeSpan.Zero)
        {
            Signal(container, 9);
        }

        await EndRunAsync(container, grace <= TimeSpan.Zero ? Killed : null, cancellationToken).ConfigureAwait(false);
        if (containers.Find(container.Id) is not null)
        {
            events.Tell(container, "stop");
        }
    }

    private void Signal(Container container, int signal)
    {
        if (containers.Read(() => container.State) is "running" or "paused")
        {
            events.Tell(container, "kill", ("signal", signal.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Ends a run that somebody wants to be over.</summary>
    private async Task EndRunAsync(Container container, long? code, CancellationToken cancellationToken)
    {
        if (containers.Read(() => container.Run) is { } run)
        {
            run.Cancel();
            var own = await run.Program.ConfigureAwait(false);
            await AfterAsync(container, run, code ?? own, restart: false, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            // Between two runs of a restart policy.
            Exited(container, containers.Read(() => container.ExitCode));
        }
    }

    /// <summary>Waits for the program to end by itself.</summary>
    private async Task SuperviseAsync(Container container, ContainerRun run, TimeSpan pause)
    {
        var code = await run.Program.ConfigureAwait(false);
        try
        {
            await _changes.WaitAsync(_end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            if (containers.Read(() => container.Run) != run)
            {
                return;
            }

            await AfterAsync(container, run, code, restart: container.Request.RestartAlways, _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            _changes.Release();
        }

        if (container.Request.RestartAlways)
        {
            await AgainAsync(container, pause).ConfigureAwait(false);
        }
    }

    private async Task AfterAsync(Container container, ContainerRun run, long code, bool restart, CancellationToken cancellationToken)
    {
        var places = container.Attachments;
        containers.Change(() =>
        {
            container.Run = null;
            container.ExitCode = code;
            container.Finished = time.GetUtcNow();
            container.State = restart ? "restarting" : "exited";
        });
        run.Dispose();
        container.Log.Close();
        events.Tell(container, "die", ("exitCode", code.ToString(CultureInfo.InvariantCulture)));
        foreach (var place in places)
        {
            _ = await wiring.DisconnectAsync(container, place, cancellationToken).ConfigureAwait(false);
        }

        containers.Change(() => container.Attachments = [.. places.Select(p => p.Rest())]);
        if (!restart)
        {
            Exited(container, code);
        }
    }

    private void Exited(Container container, long code)
    {
        containers.Change(() => container.State = "exited");
        container.Ended.TrySetResult(code);
        if (container.Request.AutoRemove)
        {
            containers.Forget(container);
        }
    }

    /// <summary>The restart policy: again after a pause that doubles, unless somebody stopped or removed the container meanwhile.</summary>
    private async Task AgainAsync(Container container, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, _end.Token).ConfigureAwait(false);
            await ChangeAsync(
                async token =>
                {
                    if (containers.Read(() => container.State) == "restarting")
                    {
                        await StartAsync(container, pause * 2 < LongestPause ? pause * 2 : LongestPause, token).ConfigureAwait(false);
                    }
                },
                _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The engine ends.
        }
        catch (DockerHostException)
        {
            // The engine gives up when a restart fails at its networks, or is reset.
            Exited(container, containers.Read(() => container.ExitCode));
        }
    }
}
