namespace CalicoConsole.Integration.Tests.Doctor;

/// <summary>A fault that is made on the lab from outside, by code that shares nothing with the cause's.</summary>
/// <param name="Code">The code that a diagnosis must name first.</param>
/// <param name="How">How it is made, in words.</param>
/// <param name="Make">Makes it; answers what takes it back.</param>
internal sealed record LabFault(string Code, string How, Func<DoctorStage, Task<Func<Task>>> Make)
{
    /// <summary>Who is asked about.</summary>
    public string From { get; init; } = "docker01/web";

    /// <summary>Whom it asks.</summary>
    public string To { get; init; } = "docker02/far";

    /// <summary>A port for a test by TCP; null for a ping.</summary>
    public int? Port { get; init; }

    /// <summary>How a diagnosis ends with it: <c>found</c>, or <c>works</c> where it hinders nothing that was tried.</summary>
    public string Outcome { get; init; } = "found";

    /// <summary>Whether the cluster must be built anew afterwards.</summary>
    public bool Ruins { get; init; }
}
