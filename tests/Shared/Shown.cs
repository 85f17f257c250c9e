namespace CalicoConsole.Tests;

/// <summary>What a failure shows of an answer: the beginning, because a list of the whole cluster hides the rest of a run.</summary>
internal static class Shown
{
    private const int Most = 1_000;

    /// <summary>At most a thousand characters of it.</summary>
    public static string Of(object? value) =>
        value?.ToString() is not { Length: > Most } text ? value?.ToString() ?? "" : $"{text[..Most]} … ({text.Length:N0} characters)";

    /// <summary>At most a thousand characters of its end, where a log says why it ended.</summary>
    public static string EndOf(object? value) =>
        value?.ToString() is not { Length: > Most } text ? value?.ToString() ?? "" : $"({text.Length:N0} characters) … {text[^Most..]}";
}
