using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Areas.Endpoints;

/// <summary>An endpoint as it would be with other labels or on another network. Immutable; made by <see cref="For"/>, which is pure.</summary>
/// <param name="Endpoint">The endpoint as it would be; null where nothing differs, or the question cannot be read.</param>
/// <param name="Address">The address that it would get on the other network; null where it keeps its own.</param>
/// <param name="Errors">What is wrong with the question.</param>
public sealed record WhatIf(WorkloadEndpoint? Endpoint, Ip? Address, ImmutableArray<FieldError> Errors)
{
    /// <summary>Name of the field with the labels.</summary>
    public const string LabelsField = "labels";

    /// <summary>Name of the field with the network.</summary>
    public const string NetworkField = "network";

    /// <summary>The labels of an endpoint as they are typed: <c>env=prod, role=web</c>.</summary>
    public static string Typed(WorkloadEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return string.Join(", ", endpoint.Labels.Select(l => $"{l.Key}={l.Value}"));
    }

    /// <summary>What the endpoint would be.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="endpoint">The endpoint as it is.</param>
    /// <param name="labels">All its labels, as typed.</param>
    /// <param name="network">The network that it moves to; empty where it stays.</param>
    public static WhatIf For(ClusterSnapshot snapshot, WorkloadEndpoint endpoint, string labels, string network)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(labels);
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        var read = Read(labels, errors);
        var asked = endpoint with { Labels = read };
        Ip? address = null;
        if (network.Length > 0)
        {
            if (snapshot.Views.Networks.FirstOrDefault(n => n.IsCalico && n.Network.Name == network) is not { } view)
            {
                errors.Add(new FieldError(NetworkField, $"there is no calico network '{network}'"));
            }
            else
            {
                // What the libnetwork plugin writes for a container of that network.
                address = AddressProposal.For(snapshot, view.Network, endpoint.Id.Node, []);
                asked = address is { } next ? asked with { ProfileIds = [network], IPv4Nets = [new Cidr(next, 32)], IPv6Nets = [] }
                    : asked with { ProfileIds = [network] };
            }
        }

        var same = asked.ProfileIds.SequenceEqual(endpoint.ProfileIds) && asked.IPv4Nets.SequenceEqual(endpoint.IPv4Nets)
            && asked.IPv6Nets.SequenceEqual(endpoint.IPv6Nets) && asked.Labels.SequenceEqual(endpoint.Labels);
        return new WhatIf(errors.Count > 0 || same ? null : asked, address, errors.ToImmutable());
    }

    private static ImmutableSortedDictionary<string, string> Read(string labels, ImmutableArray<FieldError>.Builder errors)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in labels.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = part.Split('=', 2) is [var k, var v] ? (k.Trim(), v.Trim()) : (part, null);
            var wrong = value is null ? $"'{part}' is not key=value"
                : !ValueRules.IsLabelKey(key) ? $"'{key}' is not 1 to 512 characters of letters, digits, '_', '.', '/', '-'"
                : !ValueRules.IsLabelValue(value)
                    ? $"'{value}' is not empty or up to 63 characters of letters, digits, '_', '.', '-' that end in a letter or digit"
                : !read.TryAdd(key, value) ? $"'{key}' stands there twice" : null;
            if (wrong is not null)
            {
                errors.Add(new FieldError(LabelsField, wrong));
            }
        }

        return read.ToImmutable();
    }
}
