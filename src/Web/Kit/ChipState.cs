using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using MudBlazor;

namespace CalicoConsole.Web.Kit;

/// <summary>What a colour means. A chip always has an icon and a word beside it.</summary>
public enum ChipState
{
    /// <summary>All is well.</summary>
    Healthy,

    /// <summary>Something is going on.</summary>
    Working,

    /// <summary>Look at it.</summary>
    Attention,

    /// <summary>It does not work.</summary>
    Broken,

    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It does nothing now, and nobody needs to do anything about it.</summary>
    Idle,

    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Known once; its feed is lost.</summary>
    Stale,
}

/// <summary>Meanings of the states of other things.</summary>
public static class ChipStates
{
    /// <summary>The icon of a state.</summary>
    public static string Icon(ChipState state) => state switch
    {
        ChipState.Healthy => Icons.Material.Filled.CheckCircle,
        ChipState.Working => Icons.Material.Filled.Sync,
        ChipState.Attention => Icons.Material.Filled.Warning,
        ChipState.Broken => Icons.Material.Filled.Error,
        ChipState.Stale => Icons.Material.Filled.History,
        ChipState.Unknown => Icons.Material.Filled.HelpOutline,
        ChipState.Idle => Icons.Material.Filled.RemoveCircleOutline,
        ChipState.Note => Icons.Material.Outlined.Info,
    };

    /// <summary>Of a feed.</summary>
    public static ChipState For(FeedStatus status) => status switch
    {
        FeedStatus.Live => ChipState.Healthy,
        FeedStatus.Stale => ChipState.Stale,
        _ => ChipState.Working,
    };

    /// <summary>Of a container, by Docker's word.</summary>
    public static ChipState OfContainer(string state) => state switch
    {
        "running" => ChipState.Healthy,
        "restarting" or "removing" => ChipState.Working,
        "dead" => ChipState.Broken,
        "paused" => ChipState.Attention,
        "created" or "exited" => ChipState.Idle,
        _ => ChipState.Unknown,
    };

    /// <summary>Of an operation's end.</summary>
    public static ChipState For(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Succeeded or OperationOutcome.Unchanged => ChipState.Healthy,
        OperationOutcome.Planned or OperationOutcome.Cancelled => ChipState.Idle,
        OperationOutcome.NotYetSeen or OperationOutcome.Refused or OperationOutcome.Conflict => ChipState.Attention,
        _ => ChipState.Broken,
    };

    /// <summary>An operation's end in words.</summary>
    public static string Words(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Succeeded => "done",
        OperationOutcome.Unchanged => "no change needed",
        OperationOutcome.NotYetSeen => "done, not yet seen",
        OperationOutcome.Partial => "done in part",
        OperationOutcome.Conflict => "changed by somebody else",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
