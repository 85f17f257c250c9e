namespace CalicoConsole.Web.Kit;

/// <summary>The state of something as a chip shows it.</summary>
/// <param name="State">The chip's colour and icon.</param>
/// <param name="Words">What it says: a word or two.</param>
/// <param name="Reason">Why, for whoever points at it; null where the words say it.</param>
public sealed record StateWords(ChipState State, string Words, string? Reason);
