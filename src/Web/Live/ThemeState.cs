namespace CalicoConsole.Web.Live;

/// <summary>The choices of colours.</summary>
public enum ThemeChoice
{
    /// <summary>As the system says.</summary>
    System,

    /// <summary>Light.</summary>
    Light,

    /// <summary>Dark.</summary>
    Dark,
}

/// <summary>The colours of this circuit: what its user chose and what the system says. Used on the circuit's dispatcher only.</summary>
public sealed class ThemeState
{
    private ThemeChoice _choice;
    private bool _systemDark;

    /// <summary>Raised when <see cref="IsDark"/> or <see cref="Choice"/> may have changed.</summary>
    public event Action? Changed;

    /// <summary>What the user chose.</summary>
    public ThemeChoice Choice => _choice;

    /// <summary>Whether pages are dark now.</summary>
    public bool IsDark => _choice == ThemeChoice.Dark || (_choice == ThemeChoice.System && _systemDark);

    /// <summary>Takes note of the user's choice.</summary>
    public void Choose(ThemeChoice choice)
    {
        _choice = choice;
        Changed?.Invoke();
    }

    /// <summary>Takes note of what the system says.</summary>
    public void SetSystem(bool dark)
    {
        _systemDark = dark;
        Changed?.Invoke();
    }

    /// <summary>The choice after this one: system, light, dark, system, ….</summary>
    public static ThemeChoice After(ThemeChoice choice) => choice switch
    {
        ThemeChoice.System => ThemeChoice.Light,
        ThemeChoice.Light => ThemeChoice.Dark,
        _ => ThemeChoice.System,
    };
}
