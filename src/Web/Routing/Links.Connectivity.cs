using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Routing;

internal static partial class Links
{
    public const string Connectivity = "connectivity";

    /// <summary>A diagnosis that was kept.</summary>
    public static string Diagnosis(Guid report) => $"{Connectivity}/{report}";

    /// <summary>The form that diagnoses a connection.</summary>
    public static string Diagnose(string? from = null, string? to = null, string? protocol = null, string? port = null) =>
        Query("do/diagnose", ("from", from), ("to", to), ("protocol", protocol), ("port", port));

    /// <summary>Captures that were kept.</summary>
    public const string Captures = "connectivity/captures";

    /// <summary>A capture that was kept.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="show">Which packets: one of the fates; null for all.</param>
    /// <param name="page">Which page of its packets; null for the first.</param>
    public static string Capture(Guid id, string? show = null, string? page = null) => Query($"{Captures}/{id}", ("show", show), ("page", page));

    /// <summary>What one of its points saw, as a pcap file.</summary>
    public static string CaptureFile(Guid id, int point) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Captures}/{id}/pcap/{point}");

    /// <summary>The form that captures packets on the way between two ends.</summary>
    public static string CapturePackets(string? from = null, string? to = null) => Query("do/capture", ("from", from), ("to", to));

    /// <summary>The form that loads the helper image onto a Docker host.</summary>
    public static string LoadHelper(string host) => Query("do/load-helper", ("host", host));

    /// <summary>The form that sets the MAC of a container's interface.</summary>
    public static string SetContainerMac(string host, string id, string name, string mac) =>
        Query("do/set-container-mac", ("host", host), ("container", id), ("interface", name), ("mac", mac));

    /// <summary>Every workload with its five legs.</summary>
    public const string Reconciliation = "connectivity/legs";

    /// <summary>The same with only those in a state.</summary>
    public static string OnlyFaults(string state) => Query(Reconciliation, ("state", state));

    /// <summary>The same with one workload's legs in full.</summary>
    public static string Legs(string key) => Query(Reconciliation, ("workload", key));

    /// <summary>The form that deletes a workload endpoint which nobody has.</summary>
    public static string DeleteEndpoint(WorkloadEndpointId id) => Query(
        "do/delete-endpoint", ("node", id.Node), ("orchestrator", id.Orchestrator), ("workload", id.Workload), ("name", id.Name));
}
