namespace CalicoConsole.Adapters.Audit;

/// <summary>A row of something that a person chose about how pages look.</summary>
public sealed class PreferenceRow
{
    /// <summary>The person's name; empty for what is everybody's.</summary>
    public required string Person { get; set; }

    /// <summary>What it is about.</summary>
    public required string Name { get; set; }

    /// <summary>The choice.</summary>
    public required string Value { get; set; }
}
