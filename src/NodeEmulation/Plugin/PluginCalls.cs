using System.Text.Json;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>What both drivers share.</summary>
internal static class PluginCalls
{
    /// <summary>Turns the expected failures into answers.</summary>
    public static async Task<PluginAnswer> GuardAsync(Func<Task<PluginAnswer>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            return PluginAnswer.BadRequest($"the request is not the JSON that this call takes: {e.Message}");
        }
        catch (Exception e) when (
            e is PluginException or IpamException or EtcdException or EtcdUnavailableException or DockerHostException or LinkSetupException)
        {
            return PluginAnswer.Error(e.Message);
        }
    }

    /// <summary>The empty answer to a call that changes nothing; the call itself has been read, so that a broken body is refused.</summary>
    public static Task<PluginAnswer> NothingAsync(object call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Task.FromResult(PluginAnswer.From(new NoAnswer()));
    }
}

/// <summary>A call is refused, in the plugin's words.</summary>
internal sealed class PluginException(string message) : Exception(message);

/// <summary><c>{}</c>.</summary>
internal sealed record NoAnswer;

/// <summary>What a socket implements.</summary>
internal sealed record ActivateAnswer(string[] Implements);

/// <summary>Docker's names for Calico's address spaces.</summary>
internal sealed record AddressSpaces(string LocalDefaultAddressSpace, string GlobalDefaultAddressSpace)
{
    public const string Local = "CalicoLocalAddressSpace";
    public const string Global = "CalicoGlobalAddressSpace";
}
