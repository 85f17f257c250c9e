using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Finds a host's address: first-found, interface=, can-reach= (calico/node 2.6.9 startup/autodetection).</summary>
internal sealed partial class AddressDetection(IHostInterfaces interfaces, StartupLog log)
{
    private static readonly TimeSpan MatchBound = TimeSpan.FromSeconds(1);

    /// <summary>The address with its prefix length; throws when there is none.</summary>
    public async Task<Cidr> DetectAsync(string method, bool ipv6, CancellationToken cancellationToken)
    {
        var family = ipv6 ? 6 : 4;
        var all = await interfaces.ListAsync(cancellationToken).ConfigureAwait(false);
        Cidr? found;
        if (method is "" or "first-found")
        {
            found = Named(all.Reverse().Where(i => !Skipped().IsMatch(i.Name)), ipv6, out var name);
            Tell(found, $"Using autodetected IPv{family} address on interface {name}: {found}");
        }
        else if (method.StartsWith("interface=", StringComparison.Ordinal))
        {
            var pattern = Pattern(method["interface=".Length..]);
            found = Named(all.Where(i => pattern.IsMatch(i.Name)).Take(1), ipv6, out var name);
            Tell(found, $"Using autodetected IPv{family} address on interface {name}: {found}");
        }
        else if (method.StartsWith("can-reach=", StringComparison.Ordinal))
        {
            var destination = method["can-reach=".Length..];
            var source = await interfaces.SourceTowardsAsync(destination, cancellationToken).ConfigureAwait(false);
            found = source is { } ip && ip.IsIPv6 == ipv6
                ? all.SelectMany(i => i.Addresses).Where(a => a.Address == ip).Cast<Cidr?>().FirstOrDefault()
                : null;
            Tell(found, $"Using autodetected IPv{family} address {found}, detected by connecting to {destination}");
        }
        else
        {
            throw new StartupException($"Invalid IP autodetection method: {method}");
        }

        return found ?? throw new StartupException(
            $"Couldn't autodetect an IPv{family} address by {(method.Length == 0 ? "first-found" : method)}. Choose a different autodetection method, or "
                + "give an address explicitly.");
    }

    private static Regex Pattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, MatchBound);
        }
        catch (ArgumentException e)
        {
            throw new StartupException($"Invalid regular expression in IP autodetection method interface={text}: {e.Message}");
        }
    }

    private static Cidr? Named(IEnumerable<HostInterface> candidates, bool ipv6, out string name)
    {
        foreach (var candidate in candidates)
        {
            foreach (var address in candidate.Addresses)
            {
                if (address.IsIPv6 == ipv6 && IsGlobalUnicast(address.Address))
                {
                    name = candidate.Name;
                    return address;
                }
            }
        }

        name = "";
        return null;
    }

    private static bool IsGlobalUnicast(Ip ip)
    {
        var address = ip.ToIPAddress();
        if (ip.IsIPv6)
        {
            return ip.Bits > 1 && !address.IsIPv6Multicast && !address.IsIPv6LinkLocal;
        }

        var bits = (uint)ip.Bits;
        return bits is not (0 or uint.MaxValue) && bits >> 24 is not 127 && bits >> 28 is not 14 && bits >> 16 is not 0xA9FE;
    }

    private void Tell(Cidr? found, string text)
    {
        if (found is not null)
        {
            log.Info(text);
        }
    }

    [GeneratedRegex("docker.*|cbr.*|dummy.*|virbr.*|lxcbr.*|veth.*|lo|cali.*|tunl.*|flannel.*|kube-ipvs.*", RegexOptions.CultureInvariant)]
    private static partial Regex Skipped();
}
