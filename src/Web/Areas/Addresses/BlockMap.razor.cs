using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Addresses;

public sealed partial class BlockMap
{
    // Tiles of at most so many parts have room for words.
    private const int MostLabelled = 64;

    // Less than that of a tile is not to be seen.
    private const double LeastSeen = 8;

    private Tile[] _tiles = [];
    private string[] _nodes = [];
    private string _size = "";
    private bool _labelled;
    private bool _several;
    private UInt128 _room;

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

    private string What => _several ? $"{Counted(_room)} blocks of 64 addresses" : "one block of 64 addresses";

    protected override void OnParametersSet()
    {
        var parts = PoolMap.Parts(Pool, Blocks);
        (_labelled, _several, _room) = (parts.Length <= MostLabelled, parts[0].Room > 1, parts[0].Room);
        _size = parts.Length <= 16 ? "large" : _labelled ? "medium" : parts.Length <= 256 ? "small" : "tiny";
        var wrong = Index.FindingsIn(Pool).Where(Index.IsProblem).Select(f => f.Address is { } ip ? BlockArithmetic.BlockOf(ip) : f.Block!.Value).ToHashSet();
        _tiles = [.. parts.Select(p => For(p, wrong))];
        _nodes = [.. Blocks.Select(b => b.AffineNode).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(24)];
    }

    private bool Has(string mark) => _tiles.Any(t => t.Class.Split(' ').Contains(mark, StringComparer.Ordinal));

    private Tile For(PoolPart part, HashSet<Cidr> wrong)
    {
        var label = Tail(part.Cidr.First);
        if (part.Blocks.IsEmpty)
        {
            return new Tile(part, null, "", "", $"{part.Cidr}: no node has taken {(_several ? "any of it" : "it")}", label);
        }

        string?[] marks =
        [
            part.Blocks.All(b => b.AffineNode is null) ? "nobody" : null,
            part.Blocks.Any(b => Index.Borrowed(b.Cidr) > 0) ? "borrowed" : null,
            part.Blocks.Any(b => wrong.Contains(b.Cidr)) ? "wrong" : null,
            part.Blocks.Any(b => b.Cidr == Open) ? "open" : null,
        ];
        var owners = part.Blocks.Select(b => b.AffineNode).Distinct(StringComparer.Ordinal).Take(2).ToArray();
        return new Tile(part, HrefOf(part.Blocks[0]), string.Join(' ', marks.OfType<string>()), owners is [{ } owner] ? Hues.Style(owner) : Hues.Style(180),
            $"{(part.Blocks is [var block] && !_several ? Title(block) : Title(part))}{(marks[2] is null ? "" : ", something is wrong")}", label);
    }

    // What tells it from its neighbours: the last two numbers of an IPv4 address.
    private static string Tail(Ip first) => first.IsIPv6 ? $"…{first.ToString()[^Math.Min(6, first.ToString().Length)..]}"
        : $".{string.Join('.', first.ToString().Split('.')[2..])}";

    private string Title(IpamBlock block)
    {
        var borrowed = Index.Borrowed(block.Cidr);
        return $"{block.Cidr}: {block.AffineNode ?? "no node"}, {block.Used} of {IpamBlock.Size} taken{(borrowed > 0 ? $", {borrowed} borrowed" : "")}";
    }

    private static string Title(PoolPart part) => $"{part.Cidr}: {part.Blocks.Length.Grouped()} of {Counted(part.Room)} blocks taken, with "
        + $"{part.Used.Grouped()} {(part.Used == 1 ? "address" : "addresses")} in use";

    private static string Counted(UInt128 number) => number <= 1_000_000 ? ((int)number).Grouped()
        : string.Create(CultureInfo.InvariantCulture, $"2^{(int)UInt128.Log2(number)}");

    private sealed record Tile(PoolPart Part, string? Href, string Class, string Style, string Title, string Label)
    {
        /// <summary>Percent of the tile that is filled: what is taken can always be seen.</summary>
        public string Height => Math.Max(LeastSeen, Part.Share * 100).ToString("0.#", CultureInfo.InvariantCulture);
    }
}
