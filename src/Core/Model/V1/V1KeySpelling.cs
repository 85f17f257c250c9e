namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// How Calico itself writes a key. Its readers take other spellings for the same identity: a <c>%</c> that is no escape, an address in another form.
/// One identity may then stand under several keys, of which calicoctl reaches only the one that it would write.
/// </summary>
public static class V1KeySpelling
{
    /// <summary>The key that Calico writes for what a key stands for; null where a key can be written in one way only.</summary>
    public static string? Of(V1Key key) => key switch
    {
        V1Key.Pool k => V1Keys.Pool(k.Cidr),
        V1Key.ProfileKey { Part: ProfilePart.Tags } k => V1Keys.ProfileTags(k.Name),
        V1Key.ProfileKey { Part: ProfilePart.Labels } k => V1Keys.ProfileLabels(k.Name),
        V1Key.ProfileKey { Part: ProfilePart.Rules } k => V1Keys.ProfileRules(k.Name),
        V1Key.Policy { Tier: "default" } k => V1Keys.Policy(k.Name),
        V1Key.HostEndpoint k => V1Keys.HostEndpoint(k.Node, k.Name),
        V1Key.WorkloadEndpoint k => V1Keys.WorkloadEndpoint(k.Id),
        V1Key.BgpPeer k => V1Keys.BgpPeer(k.Peer, k.Node),
        V1Key.IpamBlock k => V1Keys.IpamBlock(k.Block),
        V1Key.IpamAffinity k => V1Keys.IpamAffinity(k.Node, k.Block),
        _ => null,
    };

    /// <summary>Whether a part of a key is what Calico writes for the name that it reads from it.</summary>
    public static bool IsEscaped(ReadOnlySpan<char> part)
    {
        for (var i = part.IndexOf('%'); i >= 0; i = part.IndexOf('%'))
        {
            part = part[i..];
            if (!part.StartsWith("%25", StringComparison.Ordinal) && !part.StartsWith("%2f", StringComparison.Ordinal))
            {
                return false;
            }

            part = part[3..];
        }

        return true;
    }
}
