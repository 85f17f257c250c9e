using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Api;

/// <summary>IPAM as it stands.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Pools">Figures of each pool.</param>
/// <param name="Nodes">Figures of each node with a block; the name is empty for blocks without a node.</param>
/// <param name="Blocks">Every block, or those of the pool that was asked for.</param>
/// <param name="Findings">What is wrong or worth knowing, worst first.</param>
internal sealed record IpamAnswer(IpamConfigAnswer Config, PoolUseAnswer[] Pools, NodeUseAnswer[] Nodes, BlockAnswer[] Blocks, FindingAnswer[] Findings)
{
    public static IpamAnswer From(IpamIndex index, Cidr? pool)
    {
        var calico = index.Snapshot.Calico;
        var blocks = calico.Blocks.Values.Select(b => b.Value).Where(b => pool is null || pool.Value.Contains(b.Cidr)).ToArray();
        return new(
            IpamConfigAnswer.From(calico),
            [.. Utilisation.ByPool(calico.IPPools.Keys.Where(c => pool is null || c == pool), blocks)
                .Select(u => PoolUseAnswer.From(u, calico.IPPools[u.Pool].Value))],
            [.. Utilisation.ByNode(blocks).Select(u => new NodeUseAnswer(u.Node, u.Blocks, u.Used, u.Free))],
            [.. blocks.Select(b => BlockAnswer.From(b, index))],
            [.. (pool is { } cidr ? index.FindingsIn(cidr) : index.Findings).Select(f => FindingAnswer.From(f, index))]);
    }
}

/// <summary>IPAM's configuration; <c>stored</c> is false where Calico's default holds because there is no key.</summary>
internal sealed record IpamConfigAnswer(bool StrictAffinity, bool AutoAllocateBlocks, bool Stored)
{
    public static IpamConfigAnswer From(CalicoState calico)
    {
        var config = IpamConfig.From(calico);
        return new(config.StrictAffinity, config.AutoAllocateBlocks, calico.Keys.Find(Core.Model.V1.V1Keys.IpamConfig) is not null);
    }
}

/// <summary>What IPAM's configuration shall be.</summary>
internal sealed record IpamConfigBody(bool StrictAffinity, bool AutoAllocateBlocks);

/// <summary>Figures of a pool, in addresses; those of IPv6 pools as texts since they exceed a JSON number.</summary>
internal sealed record PoolUseAnswer(string Cidr, bool Disabled, string Size, int Blocks, int Used, int FreeInBlocks, string Unclaimed)
{
    public static PoolUseAnswer From(PoolUtilisation use, IPPool pool) =>
        new(use.Pool.ToString(), pool.Disabled, use.Size.ToString(System.Globalization.CultureInfo.InvariantCulture), use.Blocks, use.Used, use.FreeInBlocks,
            use.Unclaimed.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Figures of a node's blocks, in addresses.</summary>
internal sealed record NodeUseAnswer(string Node, int Blocks, int Used, int Free);

/// <summary>A block.</summary>
internal sealed record BlockAnswer(string Cidr, string? Node, string[] AffinityKeys, bool StrictAffinity, int Used, int Free, int Borrowed)
{
    public static BlockAnswer From(IpamBlock block, IpamIndex index) =>
        new(block.Cidr.ToString(), block.AffineNode, [.. index.AffineNodes(block.Cidr)], block.StrictAffinity, block.Used, IpamBlock.Size - block.Used,
            index.Borrowed(block.Cidr));
}

/// <summary>
/// A finding. A leak is <c>confirmed</c> once it was seen for long enough; <c>repair</c> is releaseAddress, releaseAffinity, rebuildHandle or null.
/// </summary>
internal sealed record FindingAnswer(
    string Id, string Kind, string Severity, string? Address, string? Block, string? Node, string? Handle, string Text, string Why, bool? Confirmed,
        DateTimeOffset? Since, string? Repair)
{
    public static FindingAnswer From(IpamFinding f, IpamIndex index) => new(
        f.Id,
        Word(f.Kind),
        Word(f.Severity),
        f.Address?.ToString(),
        f.Block?.ToString(),
        f.Node,
        f.Handle,
        f.Text,
        f.Why,
        f.Kind == IpamFindingKind.Leak ? index.IsConfirmed(f) : null,
        f.Kind == IpamFindingKind.Leak && index.Suspects.TryGetValue(f.Address!.Value, out var since) ? since : null,
        f.Repair == IpamRepair.None ? null : Word(f.Repair));

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString() is var text ? char.ToLowerInvariant(text[0]) + text[1..] : "";
}

/// <summary>What is known of an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="State">free, endpoint, tunnel, handle or suspect.</param>
/// <param name="Allocated">Whether its block has it as allocated.</param>
/// <param name="Pool">The most exact pool around it.</param>
/// <param name="Block">Its block; null when there is none.</param>
/// <param name="Node">The block's node.</param>
/// <param name="Borrowed">Whether another node uses it.</param>
/// <param name="Handle">The handle noted for it.</param>
/// <param name="Attributes">What else is noted for it.</param>
/// <param name="Holders">Who uses it.</param>
/// <param name="Finding">What is wrong with it.</param>
/// <param name="Calicoctl">What <c>calicoctl ipam show --ip=</c> answers.</param>
internal sealed record AddressAnswer(
    string Address, string State, bool Allocated, string? Pool, string? Block, string? Node, bool Borrowed, string? Handle,
        IReadOnlyDictionary<string, string>? Attributes,
    HolderAnswer[] Holders, FindingAnswer? Finding, string Calicoctl)
{
    public static AddressAnswer From(Ip address, IpamIndex index)
    {
        var holder = index.Holder(address);
        var block = index.BlockOf(address)?.Value;
        var pool = index.Snapshot.Calico.IPPools.Keys.Where(c => c.Contains(address)).OrderByDescending(c => c.PrefixLength).Select(c => c.ToString())
            .FirstOrDefault();
        return new(
            address.ToString(),
            FindingAnswer.Word(holder.State),
            holder.IsAllocated,
            pool,
            block?.Cidr.ToString(),
            block?.AffineNode,
            holder.Borrowed,
            holder.Owner?.HandleId,
            holder.Owner?.Secondary,
            [.. holder.Users.Select(u => HolderAnswer.From(u, index.Snapshot)), .. Container(address, holder, index)],
            holder.Finding is { } f ? FindingAnswer.From(f, index) : null,
            AddressWords.Show(index.Snapshot.Calico, address));
    }

    private static HolderAnswer[] Container(Ip address, AddressHolder holder, IpamIndex index) =>
        holder.Users.IsEmpty && index.RunningContainer(address) is { } key && index.Snapshot.Views.Containers.GetValueOrDefault(key) is { } view
            ? [new HolderAnswer("container", view.NodeName, null, null, null, new ContainerName(view.Host, view.Container.Id, view.Container.Name))]
            : [];
}

/// <summary>Who uses an address: <c>workloadEndpoint</c>, <c>tunnel</c>, or a <c>container</c> whose endpoint is missing.</summary>
internal sealed record HolderAnswer(string Kind, string Node, string? Orchestrator, string? Workload, string? Endpoint, ContainerName? Container)
{
    public static HolderAnswer From(AddressUser user, ClusterSnapshot snapshot)
    {
        if (user.Endpoint is not { } endpoint)
        {
            return new("tunnel", user.Node, null, null, null, null);
        }

        var view = snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key) ? snapshot.Views.Containers.GetValueOrDefault(key) : null;
        return new(
            "workloadEndpoint", endpoint.Id.Node, endpoint.Id.Orchestrator, endpoint.Id.Workload, endpoint.Id.Name,
            view is null ? null : new ContainerName(view.Host, view.Container.Id, view.Container.Name));
    }
}

/// <summary>A container by its host, its id and its name.</summary>
internal sealed record ContainerName(string Host, string Id, string Name);
