namespace CalicoConsole.Web.Routing;

internal static partial class Links
{
    public const string Connectivity = "connectivity";

    /// <summary>A diagnosis that was kept.</summary>
    public static string Diagnosis(Guid report) => $"{Connectivity}/{report}";

    /// <summary>The form that diagnoses a connection.</summary>
    public static string Diagnose(string? from = null, string? to = null, string? protocol = null, string? port = null) =>
        Query("do/diagnose", ("from", from), ("to", to), ("protocol", protocol), ("port", port));

    /// <summary>The form that sets the MAC of a container's interface.</summary>
    public static string SetContainerMac(string host, string id, string name, string mac) =>
        Query("do/set-container-mac", ("host", host), ("container", id), ("interface", name), ("mac", mac));
}
