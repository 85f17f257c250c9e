using System.Text;
using System.Text.Json;
using CalicoConsole.NodeEmulation.Plugin;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Network;

/// <summary>
/// What one engine has below <c>/run/docker/plugins</c>: the plugin of a running calico-node, or nothing. Calls go to it as dockerd
/// makes them, and fail in dockerd's words. Thread-safe.
/// </summary>
internal sealed class PluginSlot
{
    /// <summary>How long an engine looks for a plugin that is not there (Docker 20.10).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Machine _machine;
    private readonly TimeProvider _time;
    private volatile CalicoPlugin? _plugin;
    private volatile bool _seen;
    private volatile TaskCompletionSource _starting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PluginSlot(Machine machine, TimeProvider time)
    {
        (_machine, _time) = (machine, time);
        Settle();
    }

    /// <summary>A calico-node is being started: whoever asks what is served waits a moment for the outcome.</summary>
    public void Expect() => _starting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The start has ended, with or without a plugin.</summary>
    public void Settle() => _starting.TrySetResult();

    /// <summary>
    /// Whether the plugin serves, once a start that is going on has ended. The feeds ask as soon as the container runs, and then not for a while.
    /// </summary>
    public async Task<bool> IsServingAsync(CancellationToken cancellationToken)
    {
        var starting = _starting.Task;
        if (!starting.IsCompleted)
        {
            await Task.WhenAny(starting, Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken)).ConfigureAwait(false);
        }

        return _plugin is not null;
    }

    /// <summary>The plugin serves from now on.</summary>
    public void Serve(CalicoPlugin plugin)
    {
        _plugin = plugin;
        _seen = true;
    }

    /// <summary>The plugin's sockets are gone, unless another plugin serves already.</summary>
    public void Leave(CalicoPlugin plugin)
    {
        if (_plugin == plugin)
        {
            _plugin = null;
        }
    }

    /// <summary>Waits for the plugin as an engine does, and refuses when there is none.</summary>
    public async Task RequireAsync(string driver, CancellationToken cancellationToken)
    {
        if (_plugin is null && !_seen)
        {
            await Task.Delay(Patience, _time, cancellationToken).ConfigureAwait(false);
            if (_plugin is null)
            {
                throw _machine.Refuse(404, $"plugin \"{driver}\" not found");
            }
        }
    }

    /// <summary>Calls the network driver.</summary>
    public Task<JsonElement> NetworkAsync(string call, object body, CancellationToken cancellationToken) =>
        CallAsync("NetworkDriver", call, body, cancellationToken);

    /// <summary>Calls the IPAM driver.</summary>
    public Task<JsonElement> IpamAsync(string call, object body, CancellationToken cancellationToken) => CallAsync("IpamDriver", call, body, cancellationToken);

    private async Task<JsonElement> CallAsync(string driver, string call, object body, CancellationToken cancellationToken)
    {
        var name = driver == "IpamDriver" ? "calico-ipam" : "calico";
        await RequireAsync(name, cancellationToken).ConfigureAwait(false);
        if (_plugin is null)
        {
            // It served once, so the engine goes on dialling its socket.
            await Task.Delay(Patience, _time, cancellationToken).ConfigureAwait(false);
        }

        if (_plugin is not { } plugin)
        {
            var socket = $"/run/docker/plugins/{name}.sock";
            throw _machine.Refuse(500,
                $"{driver}.{call}: Post \"http://{Uri.EscapeDataString(socket)}/{driver}.{call}\": dial unix {socket}: connect: no such file or directory");
        }

        var handler = driver == "IpamDriver" ? plugin.Ipam : plugin.Network;
        var answer = await handler.AnswerAsync($"/{driver}.{call}", JsonSerializer.SerializeToUtf8Bytes(body), cancellationToken).ConfigureAwait(false);
        if (answer.Status == 200)
        {
            return JsonElement.Parse(answer.Body);
        }

        var words = answer.Body.TrimEnd();
        if (answer.ContentType == PluginAnswer.Json && JsonElement.Parse(Encoding.UTF8.GetBytes(answer.Body)).TryGetProperty("Err", out var error))
        {
            words = error.GetString() ?? words;
        }

        throw _machine.Refuse(500, $"{driver}.{call}: {words.TrimEnd()}");
    }
}
