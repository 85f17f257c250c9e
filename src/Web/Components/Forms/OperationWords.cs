using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Components.Forms;

/// <summary>Operations and their ends in words. Pure.</summary>
internal static class OperationWords
{
    /// <summary>While it runs.</summary>
    public static string Doing(Operation? operation) => operation switch
    {
        null => "Working",
        CreateNetwork or CreateContainer => $"Creating {Object(operation)}",
        WriteResource { Verb: not WriteVerb.Create } => $"Saving {Object(operation)}",
        WriteResource => $"Creating {Object(operation)}",
        DeleteResource => $"Deleting {Object(operation)}",
        SetConfiguration { Value: null } => $"Unsetting {Object(operation)}",
        SetConfiguration => $"Setting {Object(operation)}",
        DeleteNetwork => $"Deleting {Object(operation)}",
        DeployCalicoNode => $"Deploying {Object(operation)}",
        RemoveCalicoNode or ChangeContainer { Action: ContainerAction.Remove } => $"Removing {Object(operation)}",
        ChangeContainer { Action: ContainerAction.Stop } => $"Stopping {Object(operation)}",
        ChangeContainer { Action: ContainerAction.Restart } => $"Restarting {Object(operation)}",
        ChangeContainer { Action: ContainerAction.Start } => $"Starting {Object(operation)}",
        ReleaseEndpoint o => $"Releasing the endpoint {o.Container}",
        AttachProfile o => $"Attaching the profile {o.Profile} to {o.Target.Name}",
        DetachProfile o => $"Detaching the profile {o.Profile} from {o.Target.Name}",
        JoinVms o => $"{(o.Undo ? "Separating" : "Joining")} {o.Network} and {o.SecurityGroup}",
        Ping ping => $"Pinging {ping.Target}",
        ConnectTcp connect => $"Connecting to {Place(connect)}",
        ReleaseAddresses or ReleaseAffinity => $"Releasing {Object(operation)}",
        RebuildHandle => $"Rebuilding {Object(operation)}",
        SetIpamConfig => $"Changing {Object(operation)}",
        ApplyManifest { Verb: ManifestVerb.Apply } => "Applying the manifest",
        ApplyManifest { Verb: ManifestVerb.Delete } => "Deleting what the manifest names",
        ApplyManifest { Verb: ManifestVerb.Replace } => "Replacing what the manifest names",
        ApplyManifest => "Creating what the manifest names",
        ReorderPolicies => "Changing the order of the policies",
        DisablePolicy => $"Disabling {Object(operation)}",
        EnablePolicy => $"Enabling {Object(operation)}",
        DeleteDisabledPolicy => $"Deleting {Object(operation)}",
        ResetSandbox => "Resetting the sandbox",
        RemoveKey => $"Removing {Object(operation)}",
        SaveKept => $"Saving {Object(operation)}",
        DeleteKept => $"Deleting {Object(operation)}",
        _ => $"{operation.Name} of {operation.ObjectName}",
    };

    /// <summary>How it ended, as a sentence that names what was tried on which object.</summary>
    public static string Ended(Operation? operation, OperationResult result) => (operation, result.Outcome) switch
    {
        (null, _) => "The operation ended",
        (Ping ping, OperationOutcome.Succeeded) when result.Data.TryGetValue("sent", out var sent) && result.Data.TryGetValue("received", out var received) => $"{ping.Target}: {sent} sent, {received} received",
        (ConnectTcp connect, OperationOutcome.Succeeded) when result.Data.TryGetValue("answer", out var answer) =>
            $"{Place(connect)}: {answer switch { TcpAnswers.Connected => "connected", TcpAnswers.Refused => "refused", _ => "no answer" }}",
        (_, OperationOutcome.Succeeded or OperationOutcome.NotYetSeen) => Done(operation),
        (_, OperationOutcome.Unchanged) => $"Nothing to do: {Object(operation)}",
        (_, OperationOutcome.Conflict) => $"Refused: {Object(operation)} was changed by somebody else meanwhile",
        (_, OperationOutcome.Cancelled) => $"Stopped: {Doing(operation)}",
        (_, OperationOutcome.Partial) when result.EndUnknown => $"Not known how it ended: {Doing(operation)}",
        (_, OperationOutcome.Partial) => $"Done in part: {Doing(operation)}",
        (_, OperationOutcome.Refused) => $"Refused: {Doing(operation)}",
        _ => $"Failed: {Doing(operation)}",
    };

    /// <summary>What to do next, where a link alone does not say it.</summary>
    public static string? Next(Operation? operation, OperationResult result) => result.Outcome switch
    {
        OperationOutcome.Conflict when operation is WriteResource { Verb: WriteVerb.Replace } => "Nothing was written. Compare the two versions below, then take theirs or apply yours on top.",
        OperationOutcome.Conflict => "Nothing is left changed. Look at what is there now and try again.",
        OperationOutcome.Failed => "Nothing is left changed, and the fields keep what was typed: mend the cause and try again.",
        OperationOutcome.Partial when result.EndUnknown => "See the audit log, or look at what is there, before you try again.",
        OperationOutcome.Partial => "Look at what is there now before you try again.",
        OperationOutcome.Refused => "Nothing was done. Correct what is named and try again.",
        OperationOutcome.NotYetSeen => "See the state of the feeds in the top bar.",
        _ => null,
    };

    /// <summary>The object: <c>IP pool 192.0.2.0/24</c>.</summary>
    public static string Object(Operation operation) => operation switch
    {
        AttachProfile o => $"the profile {o.Profile} on {o.Target.Name}",
        DetachProfile o => $"the profile {o.Profile} on {o.Target.Name}",
        JoinVms o => $"{o.Network} and {o.SecurityGroup}",
        CreateNetwork o => $"network {o.NetworkName} on {o.Host}",
        DeleteNetwork o => $"network {o.NetworkName} on {o.Host}",
        CreateContainer o => $"container {o.ContainerName} on {o.Host}",
        ReleaseEndpoint o => $"endpoint {o.Container} on {o.Host}",
        ChangeContainer o => $"container {o.Label ?? Short(o.Container)} on {o.Host}",
        WriteResource o => $"{Kind(o.Id.Kind)} {o.ObjectName}",
        DeleteResource o => $"{Kind(o.Id.Kind)} {o.ObjectName}",
        SetConfiguration o => $"{o.Setting}{(o.Node is null ? "" : $" of {o.Node}")}",
        ReleaseAddresses { Addresses.Length: > 1 } => $"addresses {operation.ObjectName}",
        ReleaseAffinity o => $"{o.Node}'s affinity to {o.Block}",
        SetIpamConfig => "the IPAM configuration",
        DeployCalicoNode or RemoveCalicoNode => $"calico-node on {operation.ObjectName}",
        ReorderPolicies => "the order of the policies",
        ApplyManifest => "the manifest",
        DeleteDisabledPolicy => $"disabled policy {operation.ObjectName}",
        ResetSandbox => "the sandbox",
        _ => $"{KindWords.Of(operation.ObjectKind)} {operation.ObjectName}",
    };

    /// <summary>A kind in prose: <c>IP pool</c> for ipPool.</summary>
    public static string Kind(string kind) => KindWords.Of(kind);

    private static string Place(ConnectTcp connect) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{connect.Target} port {connect.Port}");

    private static string Done(Operation operation) => operation switch
    {
        CreateNetwork or CreateContainer => $"Created {Object(operation)}",
        WriteResource { Verb: not WriteVerb.Create } => $"Saved {Object(operation)}",
        WriteResource => $"Created {Object(operation)}",
        DeleteResource => $"Deleted {Object(operation)}",
        SetConfiguration { Value: null } => $"Unset {Object(operation)}",
        SetConfiguration => $"Set {Object(operation)}",
        DeleteNetwork => $"Deleted {Object(operation)}",
        DeployCalicoNode => $"Deployed {Object(operation)}",
        RemoveCalicoNode or ChangeContainer { Action: ContainerAction.Remove } => $"Removed {Object(operation)}",
        ChangeContainer { Action: ContainerAction.Stop } => $"Stopped {Object(operation)}",
        ChangeContainer { Action: ContainerAction.Restart } => $"Restarted {Object(operation)}",
        ChangeContainer { Action: ContainerAction.Start } => $"Started {Object(operation)}",
        ReleaseAddresses or ReleaseAffinity => $"Released {Object(operation)}",
        RebuildHandle => $"Rebuilt {Object(operation)}",
        SetIpamConfig => $"Changed {Object(operation)}",
        ReleaseEndpoint o => $"Released the endpoint {o.Container}",
        AttachProfile o => $"Attached the profile {o.Profile} to {o.Target.Name}",
        DetachProfile o => $"Detached the profile {o.Profile} from {o.Target.Name}",
        JoinVms o => $"{(o.Undo ? "Separated" : "Joined")} {o.Network} and {o.SecurityGroup}",
        ApplyManifest m => $"The manifest was {(m.Verb == ManifestVerb.Apply ? "applied" : $"carried out: {ManifestWords.Of(ManifestWords.Done(m.Verb))}")}",
        ReorderPolicies => "Changed the order of the policies",
        DisablePolicy => $"Disabled {Object(operation)}",
        EnablePolicy => $"Enabled {Object(operation)}",
        DeleteDisabledPolicy => $"Deleted {Object(operation)}",
        Ping ping => $"Pinged {ping.Target}",
        ConnectTcp connect => $"Tried to connect to {Place(connect)}",
        ResetSandbox => "The sandbox was reset",
        RemoveKey => $"Removed {Object(operation)}",
        SaveKept => $"Saved {Object(operation)}",
        DeleteKept => $"Deleted {Object(operation)}",
        _ => $"Done: {operation.Name} of {operation.ObjectName}",
    };

    private static string Short(string id) => id.Length == 64 ? id[..12] : id;
}
