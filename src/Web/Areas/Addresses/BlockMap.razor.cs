using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CalicoConsole.Web.Areas.Addresses;

public sealed partial class BlockMap
{
    /// <summary>Pools of at most so many blocks are drawn whole, larger ones with what exists and the rest in words.</summary>
    internal const int MostWhole = 256;

    /// <summary>So many existing blocks are drawn at most.</summary>
    internal const int MostDrawn = 1024;

    private Tile[] _tiles = [];
    private string[] _nodes = [];

    [Parameter, EditorRequired]
    public Cidr Pool { get; set; }

    /// <summary>The pool's blocks, sorted.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<IpamBlock> Blocks { get; set; } = [];

    [Parameter, EditorRequired]
    public IpamIndex Index { get; set; } = IpamIndex.Empty;

    /// <summary>The block that is open.</summary>
    [Parameter]
    public Cidr? Open { get; set; }

    [Parameter, EditorRequired]
    public Func<IpamBlock, string> HrefOf { get; set; } = _ => "";

    private string? Unclaimed
    {
        get
        {
            var rest = BlockWalk.Count(Pool) - (UInt128)Math.Min(_tiles.Length, Blocks.Length);
            return BlockWalk.Count(Pool) <= MostWhole || rest == 0 ? null
                : Blocks.Length > MostDrawn ? $"{(Blocks.Length - MostDrawn).Grouped()} more blocks are in the table"
                : rest > ulong.MaxValue / 2 || Pool.IsIPv6 ? "and practically all others, which no node has taken"
                : $"and {((ulong)rest).Grouped()} that no node has taken";
        }
    }

    protected override void OnParametersSet()
    {
        var wrong = Index.FindingsIn(Pool).Where(Index.IsProblem).Select(f => f.Address is { } ip ? BlockArithmetic.BlockOf(ip) : f.Block!.Value).ToHashSet();
        var existing = Blocks.Take(MostDrawn).ToDictionary(b => b.Cidr);
        var drawn = BlockWalk.Count(Pool) <= MostWhole ? BlockWalk.From(Pool, 0) : existing.Keys.Order();
        _tiles = [.. drawn.Select(c => existing.TryGetValue(c, out var block) ? For(block, wrong) : new Tile(c, null, "", $"{c}: no node has taken it"))];
        _nodes = [.. Blocks.Select(b => b.AffineNode).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(24)];
    }

    private Tile For(IpamBlock block, HashSet<Cidr> wrong)
    {
        var borrowed = Index.Borrowed(block.Cidr);
        string?[] marks = [block.AffineNode is null ? "nobody" : null, borrowed > 0 ? "borrowed" : null, wrong.Contains(block.Cidr) ? "wrong" : null,
            block.Cidr == Open ? "open" : null];
        var title = $"{block.Cidr}: {block.AffineNode ?? "no node"}, {block.Used} of {IpamBlock.Size} taken{(borrowed > 0 ? $", {borrowed} borrowed" : "")}"
            + (wrong.Contains(block.Cidr) ? ", something is wrong" : "");
        return new Tile(block.Cidr, block, string.Join(' ', marks.OfType<string>()), title);
    }

    private sealed record Tile(Cidr Cidr, IpamBlock? Block, string Class, string Title);
}
