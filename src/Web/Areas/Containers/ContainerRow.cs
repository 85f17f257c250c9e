using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>A container with the one of its places on networks that matters most: the one with a workload endpoint.</summary>
/// <param name="View">The container.</param>
/// <param name="Place">Its place; null when it is on no network.</param>
public sealed record ContainerRow(ContainerView View, ContainerEndpoint? Place)
{
    /// <summary>The columns of every list of containers.</summary>
    public static ImmutableArray<ListColumn<ContainerRow>> Columns { get; } =
    [
        new("name", "Container", r => r.View.Container.Name),
        new("state", "State", r => r.View.Container.State) { Facet = true, Cell = ContainerCells.State },
        new("status", "Status", _ => null) { Secondary = true, Cell = ContainerCells.Status,
            Order = ListOrder.By<ContainerRow, DateTimeOffset?>(r => r.View.Container.Details?.Started) },
        new("address", "Address", r => r.Address) { Mono = true, Width = 136,
            Order = ListOrder.By<ContainerRow, Ip?>(r => Ip.TryParse(r.Address, out var ip) ? ip : null) },
        new("host", "Host", r => r.View.Host) { Facet = true, Secondary = true, Cell = ContainerCells.Host },
        new("network", "Networks", r => string.Join(", ", r.View.Container.Networks.Select(n => n.NetworkName))) { Facet = true, Secondary = true,
            Cell = ContainerCells.Networks },
        new("endpoint", "Endpoint", r => r.Place?.Endpoint?.Value.Id.Name is { } id ? id[..Math.Min(12, id.Length)] : null) { Mono = true, Secondary = true,
            Cell = ContainerCells.Endpoint },
        new("image", "Image", r => r.View.Container.Image) { Mono = true, Secondary = true, Width = 176 },
        new("id", "Id", r => r.View.Container.Id[..Math.Min(12, r.View.Container.Id.Length)]) { Mono = true, Secondary = true },
    ];

    /// <summary>Why the engine does not answer for it; null when it answers.</summary>
    public string? Unanswered { get; init; }

    /// <summary>Identity over all hosts.</summary>
    public string Key => $"{View.Host}/{View.Container.Id}";

    /// <summary>The address of its page.</summary>
    public string Href => Links.Container(View.Host, View.Container.Id);

    /// <summary>Its address on that network; the one asked for while it does not run.</summary>
    public string Address => Place?.Attachment switch
    {
        null => "",
        { IPv4.Length: > 0 } on => on.IPv4,
        { IPv6.Length: > 0 } on => on.IPv6,
        _ => "",
    };

    /// <summary>Of a container; <paramref name="network"/> names the network that matters here.</summary>
    public static ContainerRow From(ContainerView view, string? network = null) => new(
        view,
        view.Endpoints.OrderBy(e => network is not null && e.Attachment.NetworkId != network).ThenBy(e => e.Endpoint is null).FirstOrDefault())
    {
        Unanswered = ContainerFaults.Unanswered(view.Container, null),
    };

    /// <summary>Containers of all hosts, by host and name.</summary>
    public static ImmutableArray<ContainerRow> From(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Views.Containers.Values.Select(v =>
            From(v) with { Unanswered = ContainerFaults.Unanswered(v.Container, snapshot.Hosts.GetValueOrDefault(v.Host)) })
            .OrderBy(r => r.View.Host, StringComparer.Ordinal).ThenBy(r => r.View.Container.Name, StringComparer.Ordinal),
    ];
}
