using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>What <c>calicoctl ipam show --ip=</c> answers (calicoctl 1.6.3 commands/ipam/show.go). Pure.</summary>
public static class AddressWords
{
    /// <summary>The answer about an address: its attributes, or why there are none.</summary>
    public static string Show(CalicoState state, Ip address)
    {
        if (state.Blocks.GetValueOrDefault(BlockArithmetic.BlockOf(address))?.Value is not { } block)
        {
            return $"{address} is not assigned";
        }

        if (BlockArithmetic.OrdinalOf(block, address) is not { } ordinal || block.Allocations[ordinal] is not { } index)
        {
            return $"IP {address} is not currently assigned in block";
        }

        return block.Attributes[index].Secondary is { IsEmpty: false } attributes
            ? $"map[{string.Join(' ', attributes.Select(a => $"{a.Key}:{a.Value}"))}]"
            : $"No attributes defined for IP {address}";
    }

    /// <summary>
    /// Reads an address that somebody names to look it up or to release it. A part of an IPv4 address with a leading zero is refused, as by today's Go:
    /// some programs read it as decimal and others as octal, so that another address than the one meant might be released.
    /// </summary>
    public static bool TryRead(string text, out Ip address)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':')[^1].Split('.');
        address = default;
        return (parts.Length != 4 || !parts.Any(p => p.Length > 1 && p[0] == '0')) && Ip.TryParse(text, out address);
    }

    /// <summary>What it says of a text that is no address.</summary>
    public static string Invalid(string text) => $"Error executing command: invalid IP address specified: {text}";
}
