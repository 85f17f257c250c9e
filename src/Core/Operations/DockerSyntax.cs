using System.Text.RegularExpressions;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations;

/// <summary>
/// Names as Docker 20.10 accepts them, with its own words for refusals
/// (sources: Docker Engine API reference; image reference grammar of the distribution specification).
/// </summary>
public static partial class DockerSyntax
{
    /// <summary>Why a container name is refused; null when it is fine.</summary>
    public static string? ContainerName(string name) => ContainerNames().IsMatch(name)
        ? null
        : $"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed";

    /// <summary>Why an image reference is refused; null when it is fine.</summary>
    public static string? Image(string image)
    {
        if (image.Length == 0)
        {
            return "an image is needed";
        }

        if (Images().IsMatch(image) && image.Length <= 255 + 128 + 80)
        {
            return HexId().IsMatch(image)
                ? $"invalid reference format: {image} looks like an id; give the image by name"
                : null;
        }

        var path = image.LastIndexOf('/') is var slash and >= 0 ? image[slash..] : image;
        return path.Split(':', '@')[0].Any(char.IsAsciiLetterUpper)
            ? "invalid reference format: repository name must be lowercase"
            : "invalid reference format";
    }

    /// <summary>The reference with what Docker adds by itself: tag <c>latest</c>, and without <c>docker.io/</c> and <c>library/</c>.</summary>
    public static string NormalizeImage(string image)
    {
        var name = image;
        foreach (var prefix in (ReadOnlySpan<string>)["docker.io/", "index.docker.io/", "library/"])
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        }

        var last = name[(name.LastIndexOf('/') + 1)..];
        return last.Contains(':', StringComparison.Ordinal) || last.Contains('@', StringComparison.Ordinal) ? name : name + ":latest";
    }

    /// <summary>Whether an image, by reference or id, is among those of an engine.</summary>
    public static bool IsAmong(string image, IEnumerable<DockerImage> images)
    {
        var reference = NormalizeImage(image);
        return images.Any(i => i.Id == image || i.Tags.Any(t => NormalizeImage(t) == reference));
    }

    /// <summary>The tag of a reference; empty when it has none.</summary>
    public static string Tag(string image)
    {
        var last = image[(image.LastIndexOf('/') + 1)..].Split('@')[0];
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? "" : last[(colon + 1)..];
    }

    /// <summary>
    /// Whether a text is a host name that may be given to a program as its last argument: letters, digits, '.', '_', '-', never a leading '-'.
    /// </summary>
    public static bool IsHostName(string name) => HostNames().IsMatch(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z")]
    private static partial Regex ContainerNames();

    [GeneratedRegex(
        @"\A(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?"
        + @"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
        + @"(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Images();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex HexId();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}\z")]
    private static partial Regex HostNames();
}
