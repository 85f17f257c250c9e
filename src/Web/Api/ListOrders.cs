using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CalicoConsole.Web.Api;

/// <summary>The order of a list, in which a cursor finds its way whatever came and went between two pages.</summary>
internal abstract class ListOrder<T>
{
    /// <summary>The whole list.</summary>
    public abstract IEnumerable<T> All { get; }

    /// <summary>How many there are, where that is known without going through them.</summary>
    public int? Known { get; init; }

    /// <summary>How many there are.</summary>
    public int Count => Known ?? All.Count();

    /// <summary>What comes after a page; null when it is told by nothing that <see cref="Told"/> ever said.</summary>
    public abstract IEnumerable<T>? After(string told);

    /// <summary>What tells where the list goes on after a page.</summary>
    /// <param name="before">What told where the page begins; null for the first.</param>
    /// <param name="page">The page, which is not empty.</param>
    public abstract string Told(string? before, IReadOnlyList<T> page);
}

/// <summary>A list that goes on after a place, whether or not somebody still stands there.</summary>
internal sealed class PlaceOrder<T>(IEnumerable<T> all, Func<T, string> place, IComparer<string> order, Func<string, IEnumerable<T>> from) : ListOrder<T>
{
    // Names may be of any length, and cursors may not.
    private const int Longest = 500;
    private const char Whole = '=';
    private const char Begun = '~';

    public override IEnumerable<T> All => all;

    public override IEnumerable<T>? After(string told) => told switch
    {
        [Whole, ..] => Behind(told[1..]),
        [Begun, ..] when told.Length > ListHash.Length => BehindLong(told[1..(ListHash.Length + 1)], told[(ListHash.Length + 1)..]),
        _ => null,
    };

    public override string Told(string? before, IReadOnlyList<T> page)
    {
        var last = place(page[^1]);
        var begin = last[..Sound(last)];
        return begin.Length == last.Length ? $"{Whole}{last}" : $"{Begun}{ListHash.Short(last)}{begin}";
    }

    // How much of a place a cursor can hold: a half of a pair has no bytes.
    private static int Sound(string text)
    {
        var length = 0;
        while (length < text.Length && length < Longest)
        {
            if (!char.IsSurrogate(text[length]))
            {
                length++;
            }
            else if (length + 1 < text.Length && char.IsSurrogatePair(text[length], text[length + 1]))
            {
                length += 2;
            }
            else
            {
                break;
            }
        }

        return length;
    }

    private IEnumerable<T> Behind(string at) => from(at).SkipWhile(i => order.Compare(place(i), at) <= 0);

    // Of a place that is too long the beginning is known, and by its hash who stood there. If he is gone, those that begin alike come again: none is lost.
    private IEnumerable<T> BehindLong(string hash, string begin)
    {
        var rest = from(begin).SkipWhile(i => order.Compare(place(i), begin) < 0);
        var passed = 0;
        foreach (var item in rest.TakeWhile(i => place(i).StartsWith(begin, StringComparison.Ordinal)))
        {
            passed++;
            if (ListHash.Short(place(item)) == hash)
            {
                return rest.Skip(passed);
            }
        }

        return rest;
    }
}

/// <summary>A list that goes on with those who were not given yet: for a few items whose order is that of nothing in them.</summary>
internal sealed class GivenOrder<T> : ListOrder<T>
{
    /// <summary>So many have room in a cursor.</summary>
    public const int Most = 360;

    private readonly IReadOnlyList<T> _all;
    private readonly string[] _hashes;

    public GivenOrder(IReadOnlyList<T> all, Func<T, string> identity)
    {
        _all = all;
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        _hashes = [.. all.Select(i => ListHash.Short($"{CollectionsMarshal.GetValueRefOrAddDefault(times, identity(i), out _)++}\0{identity(i)}"))];
    }

    public override IEnumerable<T> All => _all;

    public override IEnumerable<T>? After(string told)
    {
        if (told.Length == 0 || told.Length % ListHash.Length != 0)
        {
            return null;
        }

        var given = Given(told);
        return _all.Where((_, i) => !given.Contains(_hashes[i]));
    }

    public override string Told(string? before, IReadOnlyList<T> page)
    {
        var given = Given(before ?? "");
        // The page holds the first of those who were not given, and those who are gone need no room.
        var left = page.Count;
        return string.Concat(_hashes.Where(h => given.Contains(h) || left-- > 0));
    }

    private static HashSet<string> Given(string told) => [.. told.Chunk(ListHash.Length).Select(c => new string(c))];
}

/// <summary>A short text for a long one.</summary>
internal static class ListHash
{
    /// <summary>Its length.</summary>
    public const int Length = 8;

    /// <summary>That of a text.</summary>
    public static string Short(string text) => Base64Url.EncodeToString(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, 6));
}
