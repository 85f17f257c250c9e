namespace CalicoConsole.Core.Scenes;

/// <summary>A fault that a presenter makes on purpose, to show how it looks, how the doctor finds it, and what mends it.</summary>
/// <param name="Code">Stable code: that of the cause which the doctor must name.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Symptom">What the audience sees, in one sentence.</param>
/// <param name="Make">What makes it.</param>
/// <param name="TakeBack">What takes it back; it does no harm where nothing is to be taken back.</param>
public sealed record Scene(string Code, string Title, string Symptom, Func<SceneStage, IEnumerable<SceneMove>> Make,
    Func<SceneStage, IEnumerable<SceneMove>> TakeBack)
{
    /// <summary>What the presenter may say, in order.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Whether the two containers must be on two hosts.</summary>
    public bool BetweenHosts { get; init; }

    /// <summary>Steps of every scene, in order.</summary>
    public static ImmutableArray<string> Steps { get; } = ["Make the fault", "Show the symptom", "Ask the doctor", "Mend it and ask again"];
}
