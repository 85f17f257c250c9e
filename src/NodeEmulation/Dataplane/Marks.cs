namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>The bits of a packet's mark that the chains use, each as value and mask: Felix 2.6's for the default mark mask (golden <c>felix/011</c>).</summary>
internal static class Marks
{
    /// <summary>A rule allowed the packet.</summary>
    public const string Accepted = "0x1000000/0x1000000";

    /// <summary>No rule has allowed it.</summary>
    public const string NotAccepted = "0x0/0x1000000";

    /// <summary>A rule passed it on.</summary>
    public const string Passed = "0x2000000/0x2000000";

    /// <summary>No rule has passed it on since this was set.</summary>
    public const string NotPassed = "0x0/0x2000000";

    /// <summary>It came from a workload (table raw).</summary>
    public const string FromWorkload = "0x4000000/0x4000000";

    /// <summary>It did not come from a workload.</summary>
    public const string NotFromWorkload = "0x0/0x4000000";

    /// <summary>All four bits that Felix uses, cleared before a host's own traffic is judged.</summary>
    public const string None = "0x0/0xf000000";

    /// <summary>The same for forwarded traffic, but for what table raw may have accepted.</summary>
    public const string NoneButAccepted = "0x0/0xe000000";

    /// <summary>The packet meets every list of networks of a rule so far. In table raw the bit means something else before policies are asked.</summary>
    public const string AllBlocks = FromWorkload;

    /// <summary>It does not meet one of them.</summary>
    public const string NotAllBlocks = NotFromWorkload;

    /// <summary>It meets the list that is being asked about.</summary>
    public const string ThisBlock = "0x8000000/0x8000000";

    /// <summary>It does not meet that one.</summary>
    public const string NotThisBlock = "0x0/0x8000000";

    /// <summary>Before lists that a packet must meet.</summary>
    public const string NoBlock = "0x0/0xc000000";

    /// <summary>Before lists that it must not meet.</summary>
    public const string AllBlocksOnly = "0x4000000/0xc000000";
}
