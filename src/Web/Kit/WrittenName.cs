using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit;

/// <summary>
/// A name in the address of a page as it was written there. The router hands on a value in which <c>%2F</c> and <c>%252F</c> are one; the address itself tells
/// them apart. The rule is the API's: each part is unescaped exactly once; our own links write besides <c>~</c> and two hex digits for what others touch (<see
/// cref="PathName"/>). An address that was put together from what calicoctl prints, or escaped twice, is read so where nothing stands under the other readings.
/// </summary>
/// <param name="Text">As written.</param>
internal sealed record WrittenName(string Text)
{
    /// <summary>What a written name may stand for, the rule first.</summary>
    public static IReadOnlyList<Func<string, string>> Readings { get; } = [static text => PathName.Read(Once(text)), Once, static text => text, Twice];

    /// <summary>
    /// The part of the address, or all parts from there on, of which the router made a value; the value itself where the address has no such part.
    /// </summary>
    /// <param name="navigation">Knows the address.</param>
    /// <param name="value">What the router handed on.</param>
    /// <param name="at">Which part of the path it is, from 0.</param>
    /// <param name="rest">Whether the parts after it belong to it.</param>
    public static WrittenName From(NavigationManager navigation, string value, int at, bool rest = false)
    {
        ArgumentNullException.ThrowIfNull(navigation);
        var parts = navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0].Split('/');
        var written = at >= parts.Length ? "" : rest ? string.Join('/', parts[at..]) : parts[at];
        return new(Twice(written) == Twice(value) ? written : value.Replace("%", "%25", StringComparison.Ordinal));
    }

    /// <summary>The first reading that <paramref name="exists"/>, else what the rule says.</summary>
    public string Read(Func<string, bool> exists) => Readings.Select(r => r(Text)).FirstOrDefault(exists) ?? Readings[0](Text);

    private static string Once(string text) => Uri.UnescapeDataString(text);

    private static string Twice(string text) => Once(Once(text));
}
