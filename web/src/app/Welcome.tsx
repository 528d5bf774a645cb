import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { DrawnCat } from '../ui/CatArt'
import { PageTitle } from '../ui/PageTitle'
import styles from './HomePage.module.css'

/** What CatFoster is about, for visitors without an account. */
export function Welcome() {
  const text = useText()
  return (
    <div className={styles.welcome}>
      <section className={styles.hero}>
        <div className={styles.claim}>
          <PageTitle title={text.welcome.title}>{text.welcome.claim}</PageTitle>
          <p>{text.welcome.intro}</p>
          <div className={styles.actions}>
            <ButtonLink kind="primary" to="/registration">
              {text.account.signUp}
            </ButtonLink>
            <ButtonLink to="/login">{text.account.logIn}</ButtonLink>
          </div>
        </div>
        <div className={styles.cats} aria-hidden="true">
          {['Tiger', 'Oskar', 'Simba'].map((name) => (
            <div key={name}>
              <DrawnCat id={name} />
            </div>
          ))}
        </div>
      </section>
      <ol className={styles.steps}>
        {text.welcome.steps.map(({ title, help }) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{help}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}
