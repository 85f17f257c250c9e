namespace CalicoConsole.Web.Areas.Profiles;

/// <summary>What the form does to the profiles of endpoints.</summary>
internal enum Does
{
    /// <summary>Gives one more.</summary>
    Attach,

    /// <summary>Takes one.</summary>
    Detach,

    /// <summary>Puts one in the place of another.</summary>
    Swap,
}

/// <summary>What the form says, by what it does.</summary>
/// <param name="Title">Before whom it is about.</param>
/// <param name="Submit">Its button.</param>
/// <param name="Effect">Over who may talk to whom afterwards.</param>
/// <param name="Help">At the profile.</param>
/// <param name="Remember">At the choice that it lasts.</param>
/// <param name="Instead">What to do with a container instead of an endpoint.</param>
internal sealed record AttachWords(string Title, string Submit, string Effect, string Help, string Remember, string Instead)
{
    /// <summary>The words for one of them.</summary>
    public static AttachWords For(Does does) => does switch
    {
        Does.Attach => new("Attach a profile to", "Attach profile", "Effect of the attachment",
            "Comes after the profiles that the endpoints have: the first rule that matches decides, profile by profile.",
            "A container that restarts gets a new endpoint without the extra profile. The console then gives it again, as a separate operation in the audit "
                + "log.",
            "Attach to"),
        Does.Detach => new("Detach a profile from", "Detach profile", "Effect of the detachment",
            "Taken from the endpoints; what was remembered of it for them is forgotten.",
            "A container that restarts gets a new endpoint with the profile of its network. The console then takes the profile from it again, as a separate "
                + "operation in the audit log.",
            "Detach from"),
        Does.Swap => new("Swap a profile of", "Swap profile", "Effect of the swap",
            "Taken from the endpoints that have it; the others stay as they are.",
            "A container that restarts gets a new endpoint with the profile of its network. The console then takes the one from it and gives it the other "
                + "again, each as a separate operation in the audit log.",
            "Swap it on"),
    };
}
